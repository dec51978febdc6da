package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.Capability;
import io.sparkpeft.compute.cuda.device.DeviceException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;

/** The compiler of the machine's CUDA. */
final class Nvrtc implements KernelCache.Compiler {
    /** A compiler recurses as deep as its source is nested; the threads of Spark's tasks have a stack of 1 MB. */
    private static final long STACK = 64L << 20;

    /** NVRTC, unlike nvcc, takes a lambda inside a kernel for a function of the host unless told otherwise. */
    private static final List<String> OPTIONS =
            List.of("--std=c++17", "--fmad=true", "--device-as-default-execution-space");

    @Override
    public String version() {
        int[] major = new int[1];
        int[] minor = new int[1];
        Status.compiler("ask NVRTC for its version", nvrtc.nvrtcVersion(major, minor));
        return "NVRTC %d.%d %s".formatted(major[0], minor[0], OPTIONS);
    }

    @Override
    public byte[] compile(String source, Capability capability) {
        FutureTask<byte[]> task = new FutureTask<>(() -> compiled(source, capability));
        new Thread(null, task, "nvrtc", STACK).start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException unchecked
                    ? unchecked
                    : new DeviceException("Cannot compile the kernels: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("Cannot compile the kernels: interrupted");
        }
    }

    private static byte[] compiled(String source, Capability capability) {
        _nvrtcProgram program = new _nvrtcProgram();
        try (BytePointer text = new BytePointer(source);
                BytePointer name = new BytePointer("kernels.cu")) {
            Status.compiler(
                    "compile the kernels",
                    nvrtc.nvrtcCreateProgram(
                            program, text, name, 0, (PointerPointer<?>) null, (PointerPointer<?>) null));
            try {
                return compile(program, capability);
            } finally {
                nvrtc.nvrtcDestroyProgram(program);
            }
        }
    }

    private static byte[] compile(_nvrtcProgram program, Capability capability) {
        String[] options = Stream.concat(Stream.of("--gpu-architecture=" + capability.architecture()), OPTIONS.stream())
                .toArray(String[]::new);
        try (PointerPointer<BytePointer> list = new PointerPointer<>(options)) {
            int code = nvrtc.nvrtcCompileProgram(program, options.length, list);
            if (code != nvrtc.NVRTC_SUCCESS) {
                throw new DeviceException("Cannot compile the kernels for compute capability %s: %s%n%s"
                        .formatted(capability, nvrtc.nvrtcGetErrorString(code).getString(), log(program)));
            }
        }
        try (SizeTPointer size = new SizeTPointer(1)) {
            Status.compiler("fetch the kernels' machine code", nvrtc.nvrtcGetCUBINSize(program, size));
            byte[] code = new byte[Math.toIntExact(size.get())];
            Status.compiler("fetch the kernels' machine code", nvrtc.nvrtcGetCUBIN(program, code));
            return code;
        }
    }

    private static String log(_nvrtcProgram program) {
        try (SizeTPointer size = new SizeTPointer(1)) {
            Status.compiler("fetch the compiler's messages", nvrtc.nvrtcGetProgramLogSize(program, size));
            try (BytePointer text = new BytePointer(Math.max(1, size.get()))) {
                Status.compiler("fetch the compiler's messages", nvrtc.nvrtcGetProgramLog(program, text));
                return Status.text(text);
            }
        }
    }
}
