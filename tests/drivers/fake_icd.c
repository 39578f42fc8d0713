/* A Vulkan driver for tests. It passes everything on to a real driver, and changes what that one tells about itself as
 * environment variables say:
 *
 *   FAKE_DRIVER_REAL         path of the real driver's library
 *   FAKE_DRIVER_NAME         name of the device
 *   FAKE_DRIVER_TYPE         kind of the device, as a VkPhysicalDeviceType: 1 integrated, 2 discrete
 *   FAKE_DRIVER_INVOCATIONS  most invocations in a workgroup
 *   FAKE_DRIVER_BINDING      bytes of the largest buffer that a kernel can be given
 *   FAKE_DRIVER_PERIOD       nanoseconds in a tick of the timestamps
 *   FAKE_DRIVER_STAMP_BITS   valid bits of a timestamp; 0 for none
 *   FAKE_DRIVER_LEAST        1 for the least limits that WebGPU promises
 *   FAKE_DRIVER_SUBGROUPS    0 for no operations of subgroups
 *   FAKE_DRIVER_SUBMITS      submissions after which the memory of the device is full
 *   FAKE_DRIVER_LOST         submissions after which the device is lost
 *   FAKE_DRIVER_STUCK        submissions after which none ends
 *   FAKE_DRIVER_ALLOCATION   bytes of the largest allocation that succeeds
 *   FAKE_DRIVER_PIPELINES    pipelines after which none can be made
 *   FAKE_DRIVER_CONFORMANCE  major version of the conformance tests that were passed; 0 for none
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan.h>
#include <vulkan/vk_icd.h>

#define EXPORT __attribute__((visibility("default")))

static void *real(const char *symbol) {
    static void *library;
    if (!library) {
        const char *path = getenv("FAKE_DRIVER_REAL");
        library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    }
    return library ? dlsym(library, symbol) : NULL;
}

static PFN_vkVoidFunction real_function(VkInstance instance, const char *name) {
    PFN_vkVoidFunction (*get)(VkInstance, const char *) = real("vk_icdGetInstanceProcAddr");
    return get ? get(instance, name) : NULL;
}

static PFN_vkGetPhysicalDeviceProperties real_properties;
static PFN_vkGetPhysicalDeviceProperties2 real_properties2;
static PFN_vkGetPhysicalDeviceQueueFamilyProperties real_queues;
static PFN_vkGetPhysicalDeviceQueueFamilyProperties2 real_queues2;
static PFN_vkGetDeviceProcAddr real_device_function;
static PFN_vkQueueSubmit real_submit;
static PFN_vkAllocateMemory real_allocate;
static PFN_vkCreateComputePipelines real_pipelines;

static uint32_t number(const char *variable, uint32_t otherwise) {
    const char *text = getenv(variable);
    return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

/* https://www.w3.org/TR/webgpu/#limits, as far as a kernel meets them. */
static void least(VkPhysicalDeviceLimits *limits) {
    limits->maxComputeWorkGroupInvocations = 256;
    limits->maxComputeWorkGroupSize[0] = 256;
    limits->maxComputeWorkGroupSize[1] = 256;
    limits->maxComputeWorkGroupSize[2] = 64;
    limits->maxComputeSharedMemorySize = 16384;
    limits->maxComputeWorkGroupCount[0] = 65535;
    limits->maxComputeWorkGroupCount[1] = 65535;
    limits->maxComputeWorkGroupCount[2] = 65535;
    limits->maxStorageBufferRange = 128 << 20;
    limits->maxUniformBufferRange = 64 << 10;
    limits->minStorageBufferOffsetAlignment = 256;
    limits->minUniformBufferOffsetAlignment = 256;
    limits->maxBoundDescriptorSets = 4;
    limits->maxPerStageDescriptorStorageBuffers = 8;
    limits->maxPerStageDescriptorUniformBuffers = 12;
}

static void change(VkPhysicalDeviceProperties *properties) {
    const char *name = getenv("FAKE_DRIVER_NAME");
    const char *period = getenv("FAKE_DRIVER_PERIOD");
    VkPhysicalDeviceLimits *limits = &properties->limits;
    if (name) {
        memset(properties->deviceName, 0, sizeof properties->deviceName);
        strncpy(properties->deviceName, name, sizeof properties->deviceName - 1);
    }
    properties->deviceType = number("FAKE_DRIVER_TYPE", properties->deviceType);
    limits->maxComputeWorkGroupInvocations = number("FAKE_DRIVER_INVOCATIONS", limits->maxComputeWorkGroupInvocations);
    limits->maxStorageBufferRange = number("FAKE_DRIVER_BINDING", limits->maxStorageBufferRange);
    if (number("FAKE_DRIVER_LEAST", 0)) {
        least(limits);
    }
    if (period) {
        limits->timestampPeriod = strtof(period, NULL);
    }
    if (number("FAKE_DRIVER_STAMP_BITS", 64) == 0) {
        limits->timestampComputeAndGraphics = VK_FALSE;
    }
}

static void change_conformance(VkConformanceVersion *version) {
    version->major = (uint8_t)number("FAKE_DRIVER_CONFORMANCE", version->major);
}

static int has_subgroups(void) {
    return number("FAKE_DRIVER_SUBGROUPS", 1) != 0;
}

static void change_queue(VkQueueFamilyProperties *queue) {
    queue->timestampValidBits = number("FAKE_DRIVER_STAMP_BITS", queue->timestampValidBits);
}

static VKAPI_ATTR void VKAPI_CALL properties(VkPhysicalDevice device, VkPhysicalDeviceProperties *out) {
    real_properties(device, out);
    change(out);
}

static VKAPI_ATTR void VKAPI_CALL properties2(VkPhysicalDevice device, VkPhysicalDeviceProperties2 *out) {
    real_properties2(device, out);
    change(&out->properties);
    for (VkBaseOutStructure *next = out->pNext; next; next = next->pNext) {
        if (next->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES) {
            change_conformance(&((VkPhysicalDeviceDriverProperties *)next)->conformanceVersion);
        } else if (next->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_PROPERTIES) {
            change_conformance(&((VkPhysicalDeviceVulkan12Properties *)next)->conformanceVersion);
        } else if (next->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES && !has_subgroups()) {
            ((VkPhysicalDeviceSubgroupProperties *)next)->supportedOperations = 0;
        } else if (next->sType == VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_PROPERTIES && !has_subgroups()) {
            ((VkPhysicalDeviceVulkan11Properties *)next)->subgroupSupportedOperations = 0;
        }
    }
}

static VKAPI_ATTR void VKAPI_CALL queues(VkPhysicalDevice device, uint32_t *count, VkQueueFamilyProperties *out) {
    real_queues(device, count, out);
    for (uint32_t i = 0; out && i < *count; i++) {
        change_queue(&out[i]);
    }
}

static VKAPI_ATTR void VKAPI_CALL queues2(VkPhysicalDevice device, uint32_t *count, VkQueueFamilyProperties2 *out) {
    real_queues2(device, count, out);
    for (uint32_t i = 0; out && i < *count; i++) {
        change_queue(&out[i].queueFamilyProperties);
    }
}

static VKAPI_ATTR VkResult VKAPI_CALL submit(VkQueue queue, uint32_t count, const VkSubmitInfo *infos, VkFence fence) {
    static uint32_t submits;
    uint32_t before = submits++;
    if (before >= number("FAKE_DRIVER_SUBMITS", UINT32_MAX)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    if (before >= number("FAKE_DRIVER_LOST", UINT32_MAX)) {
        return VK_ERROR_DEVICE_LOST;
    }
    if (before >= number("FAKE_DRIVER_STUCK", UINT32_MAX)) {
        return VK_SUCCESS;
    }
    return real_submit(queue, count, infos, fence);
}

static VKAPI_ATTR VkResult VKAPI_CALL allocate(VkDevice device, const VkMemoryAllocateInfo *info,
                                               const VkAllocationCallbacks *callbacks, VkDeviceMemory *memory) {
    if (info->allocationSize > number("FAKE_DRIVER_ALLOCATION", UINT32_MAX)) {
        return VK_ERROR_OUT_OF_DEVICE_MEMORY;
    }
    return real_allocate(device, info, callbacks, memory);
}

static VKAPI_ATTR VkResult VKAPI_CALL pipelines(VkDevice device, VkPipelineCache cache, uint32_t count,
                                                const VkComputePipelineCreateInfo *infos,
                                                const VkAllocationCallbacks *callbacks, VkPipeline *out) {
    static uint32_t made;
    if (made++ >= number("FAKE_DRIVER_PIPELINES", UINT32_MAX)) {
        return VK_ERROR_UNKNOWN;
    }
    return real_pipelines(device, cache, count, infos, callbacks, out);
}

static PFN_vkVoidFunction hooked(const char *name, PFN_vkVoidFunction found);

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_function(VkDevice device, const char *name) {
    return hooked(name, real_device_function(device, name));
}

/* Keeps the real function and gives ours out in its place. */
#define HOOK(wanted, kept, ours)                     \
    if (!strcmp(name, wanted)) {                     \
        if (found) {                                 \
            *(PFN_vkVoidFunction *)&(kept) = found;  \
        }                                            \
        return found ? (PFN_vkVoidFunction)(ours) : NULL; \
    }

static PFN_vkVoidFunction hooked(const char *name, PFN_vkVoidFunction found) {
    HOOK("vkGetPhysicalDeviceProperties", real_properties, properties)
    HOOK("vkGetPhysicalDeviceProperties2", real_properties2, properties2)
    HOOK("vkGetPhysicalDeviceProperties2KHR", real_properties2, properties2)
    HOOK("vkGetPhysicalDeviceQueueFamilyProperties", real_queues, queues)
    HOOK("vkGetPhysicalDeviceQueueFamilyProperties2", real_queues2, queues2)
    HOOK("vkGetPhysicalDeviceQueueFamilyProperties2KHR", real_queues2, queues2)
    HOOK("vkGetDeviceProcAddr", real_device_function, device_function)
    HOOK("vkQueueSubmit", real_submit, submit)
    HOOK("vkAllocateMemory", real_allocate, allocate)
    HOOK("vkCreateComputePipelines", real_pipelines, pipelines)
    return found;
}

EXPORT VKAPI_ATTR VkResult VKAPI_CALL vk_icdNegotiateLoaderICDInterfaceVersion(uint32_t *version) {
    VkResult (*negotiate)(uint32_t *) = real("vk_icdNegotiateLoaderICDInterfaceVersion");
    return negotiate ? negotiate(version) : VK_ERROR_INCOMPATIBLE_DRIVER;
}

EXPORT VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL vk_icdGetInstanceProcAddr(VkInstance instance, const char *name) {
    return hooked(name, real_function(instance, name));
}

EXPORT VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL vk_icdGetPhysicalDeviceProcAddr(VkInstance instance, const char *name) {
    PFN_vkVoidFunction (*get)(VkInstance, const char *) = real("vk_icdGetPhysicalDeviceProcAddr");
    return get ? hooked(name, get(instance, name)) : NULL;
}
