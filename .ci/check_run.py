"""Holds a saved run against its promises: every designed experiment is there, and every case was verified.

The first argument is the least number of cases that fixed-size must have.
"""

import json
import sys

DESIGNED = {
    "limits",
    "fixed-size",
    "scaled-size",
    "problem-size",
    "workgroup-size",
    "launch-overhead",
    "split-work",
    "transfers",
    "divergence",
    "intensity",
    "safety-cost",
    "gains",
    "climb",
}

# Checks that fail on a machine that others use, each with what the others do to it; what else fails is a wrong number.
EXCUSED = {
    "the machine was quiet": "it says that others were there",
    "speed stayed the same during the run": "others come and go, and the processor's clock with them",
    "a case measured twice takes the same time": "others meet one of the two",
    "a job timed in smaller parts takes the same time": "others meet one of the two",
    "twice the kernels take twice the time": "others meet one of two runs of a few milliseconds",
    "fitted ceiling against measured plateau": "others take a core away from some worker counts",
    "Gustafson's law against the measured job": "one worker needs one core, the grown job all",
    "a single launch against one more launch": "minutes lie between the two",
    "one more slice against one more empty launch": "minutes lie between the two",
    "device kernel in gains against problem-size": "minutes lie between the two",
    "CPU kernel in gains against problem-size": "minutes lie between the two",
    "highest memory rate in intensity against the memory limit": "minutes lie between the two",
    "highest compute rate in intensity against the compute limit": "minutes lie between the two",
    "upload in transfers against other experiments": "minutes lie between the two",
    "read-back in transfers against other experiments": "minutes lie between the two",
}


def says_something(reading):
    """Whether a reading has a verdict, a ratio, a limit or a best value, however deep."""
    if isinstance(reading, dict):
        named = ("verdict", "ratio", "value", "seconds", "limit")
        return any(reading.get(name) is not None for name in named) or any(map(says_something, reading.values()))
    return isinstance(reading, list) and any(map(says_something, reading))


def main(least, path):
    with open(path) as file:
        run = json.load(file)
    faults = []
    if not run["complete"]:
        faults.append("the run is not complete")
    missing = DESIGNED - {experiment["name"] for experiment in run["experiments"]}
    faults += [f"no experiment {name}" for name in sorted(missing)]
    cases = 0
    for experiment in run["experiments"]:
        where = f"{experiment['name']} {experiment['workload']}"
        if not experiment["cases"] and not experiment["skipped"]:
            faults.append(f"{where}: no case ran, and none says why")
        if experiment["cases"] and not says_something(experiment["reading"]):
            faults.append(f"{where}: no law was read")
        if experiment["name"] == "fixed-size" and len(experiment["cases"]) < least:
            faults.append(f"{where}: only {len(experiment['cases'])} cases")
        for case in experiment["cases"]:
            cases += 1
            if experiment["workload"] != "empty" and "right" not in case["verified"]:
                faults.append(f"{where}: not verified: {case['problem']} on {case['workers']} workers")
            for phase in ("launch", "kernel"):
                seconds = case["phases"][phase]["seconds"]
                if seconds is not None and not all(0 <= value < 60 for value in seconds):
                    faults.append(f"{where}: {phase} has a time that cannot be: {seconds}")
    if not run["audit"] or not run["audit"]["checks"]:
        faults.append("the run did not check itself")
    for check in run["audit"]["checks"] if run["audit"] else []:
        print(f"{'holds' if check['passed'] else 'FAILS'}: {check['name']}: {check['detail']}")
        if not check["passed"] and check["name"] not in EXCUSED:
            faults.append(f"check failed: {check['name']}")
    if not run["findings"]:
        faults.append("the run found nothing")
    for fault in faults:
        print(fault)
    print(f"{len(run['experiments'])} experiments, {cases} cases, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
