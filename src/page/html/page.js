
// Fills the empty places of the page with tools, where there are data for them.

{
  const data = JSON.parse(document.getElementById("data").textContent);
  const has = (both) => both?.whole_job?.length > 0 || both?.kernel?.length > 0;
  const tools = [
    ["laws-tools", lawsTools, has(data.same)],
    ["explorer-tools", explorerTools, true],
    ["free-tools", freeTools, data.phases?.length > 1 && data.same?.whole_job.length > 0],
    ["batch-tools", batchTools, data.launch?.length > 0 || data.split?.length > 0],
  ];
  for (const [id, fill, ready] of tools) {
    const place = document.getElementById(id);
    if (place === null || !ready) continue;
    place.classList.add("tools");
    fill(place, data);
  }
}
