package io.sparkpeft.compute.cuda.driver;

import io.sparkpeft.compute.cuda.device.Capability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Machine code of the kernels, compiled once for each kind of device, compiler and source, and kept in a directory.
 *
 * @param directory of one user: whoever writes to it decides what runs on the device
 * @param source of the kernels
 * @param compiler that makes machine code of it
 */
record KernelCache(Path directory, String source, Compiler compiler) {
    /** System property: the directory; by default .cache/spark-peft/cuda in the user's home. */
    static final String DIRECTORY = "sparkpeft.cuda.cache";

    private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);

    /** Makes machine code. */
    interface Compiler {
        /** What makes its code differ from that of another, beside source and device. */
        String version();

        byte[] compile(String source, Capability capability);
    }

    static Path defaultDirectory() {
        String given = System.getProperty(DIRECTORY, "");
        return given.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache", "spark-peft", "cuda")
                : Path.of(given);
    }

    /** The machine code for a device. A directory that cannot be used costs time only. */
    byte[] code(Capability capability) {
        Path file = file(capability);
        try {
            if (Files.exists(file)) {
                return Files.readAllBytes(file);
            }
        } catch (IOException e) {
            LOG.warn("Cannot read {}: {}; the kernels are compiled anew", file, e.getMessage());
        }
        return compiledAnew(capability);
    }

    /** The same, whatever the directory holds, which then holds this. */
    byte[] compiledAnew(Capability capability) {
        Path file = file(capability);
        byte[] code = compiler.compile(source, capability);
        try {
            write(file, code);
        } catch (IOException e) {
            LOG.warn("Cannot keep the compiled kernels in {}: {}", file, e.toString());
        }
        return code;
    }

    private Path file(Capability capability) {
        return directory.resolve("%s-%s.cubin".formatted(capability.architecture(), hash()));
    }

    /** Other processes see the whole file or none. */
    private static void write(Path file, byte[] code) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = Files.createTempFile(file.getParent(), "cubin", ".part");
        try {
            Files.write(part, code);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(compiler.version().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash the kernels: this JVM has no SHA-256", e);
        }
    }
}
