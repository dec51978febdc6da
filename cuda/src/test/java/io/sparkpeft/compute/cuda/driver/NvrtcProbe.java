package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.Capability;
import io.sparkpeft.compute.cuda.device.DeviceException;
import java.util.List;

/** Compiles the kernels for several kinds of device, and something that is wrong; prints what came of it. */
final class NvrtcProbe {
    private NvrtcProbe() {}

    public static void main(String[] arguments) {
        NativeLibraries.load();
        Nvrtc compiler = new Nvrtc();
        for (Capability capability : List.of(Capability.LOWEST, new Capability(8, 0), new Capability(9, 0))) {
            byte[] code = compiler.compile(KernelSource.text(), capability);
            System.out.printf("%s: %c%c%c%n", capability.architecture(), code[1], code[2], code[3]);
        }
        try {
            compiler.compile("extern \"C\" __global__ void k() { x = 1; }", Capability.LOWEST);
        } catch (DeviceException e) {
            System.out.println("error: " + e.getMessage());
        }
    }
}
