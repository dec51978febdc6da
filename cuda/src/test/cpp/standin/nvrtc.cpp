// A stand-in of NVRTC: it takes the sources of the kernels that the emulator has, and nothing else.
#include <cstdio>
#include <cstring>
#include <string>

#include "image.h"

namespace {

enum Result {
    NVRTC_SUCCESS = 0,
    NVRTC_ERROR_INVALID_INPUT = 3,
    NVRTC_ERROR_INVALID_PROGRAM = 4,
    NVRTC_ERROR_INVALID_OPTION = 5,
    NVRTC_ERROR_COMPILATION = 6,
};

struct Program {
    std::string source, log, image;
};

#define KERNEL(name, bound) #name,
const char* const NAMES[] = {
#include "kernel_names.inc"
};

// The capability of the option --gpu-architecture=sm_XY; 0 where there is none.
int architecture(int count, const char* const* options) {
    int capability = 0;
    for (int i = 0; i < count; i++) {
        sscanf(options[i], "--gpu-architecture=sm_%d", &capability);
    }
    return capability;
}

}  // namespace

extern "C" {

Result nvrtcVersion(int* major, int* minor) {
    *major = 13;
    *minor = 0;
    return NVRTC_SUCCESS;
}

const char* nvrtcGetErrorString(Result result) {
    switch (result) {
        case NVRTC_SUCCESS: return "NVRTC_SUCCESS";
        case NVRTC_ERROR_INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
        case NVRTC_ERROR_INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
        case NVRTC_ERROR_INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
        case NVRTC_ERROR_COMPILATION: return "NVRTC_ERROR_COMPILATION";
    }
    return "NVRTC_ERROR unknown";
}

Result nvrtcCreateProgram(
    Program** program, const char* source, const char*, int headers, const char* const*, const char* const*) {
    if (source == nullptr || headers != 0) {
        return NVRTC_ERROR_INVALID_INPUT;
    }
    *program = new Program{source, "", ""};
    return NVRTC_SUCCESS;
}

Result nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    int capability = architecture(count, options);
    if (capability == 0) {
        program->log = "no option --gpu-architecture=sm_XY";
        return NVRTC_ERROR_INVALID_OPTION;
    }
    for (const char* name : NAMES) {
        if (program->source.find(std::string(" ") + name + "(") == std::string::npos) {
            program->log = std::string("the source has no kernel ") + name;
            return NVRTC_ERROR_COMPILATION;
        }
    }
    char image[64];
    snprintf(image, sizeof image, IMAGE_FORMAT, capability);
    program->image = image;
    return NVRTC_SUCCESS;
}

// Sizes count the 0 at the end of the log, and of the image, which the driver reads without a length.
Result nvrtcGetProgramLogSize(Program* program, size_t* size) {
    *size = program->log.size() + 1;
    return NVRTC_SUCCESS;
}

Result nvrtcGetProgramLog(Program* program, char* log) {
    strcpy(log, program->log.c_str());
    return NVRTC_SUCCESS;
}

Result nvrtcGetCUBINSize(Program* program, size_t* size) {
    *size = program->image.empty() ? 0 : program->image.size() + 1;
    return program->image.empty() ? NVRTC_ERROR_INVALID_PROGRAM : NVRTC_SUCCESS;
}

Result nvrtcGetCUBIN(Program* program, char* image) {
    if (program->image.empty()) {
        return NVRTC_ERROR_INVALID_PROGRAM;
    }
    memcpy(image, program->image.c_str(), program->image.size() + 1);
    return NVRTC_SUCCESS;
}

Result nvrtcDestroyProgram(Program** program) {
    delete *program;
    *program = nullptr;
    return NVRTC_SUCCESS;
}

}  // extern "C"
