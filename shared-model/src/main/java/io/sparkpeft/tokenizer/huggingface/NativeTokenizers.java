package io.sparkpeft.tokenizer.huggingface;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Hugging Face's Rust library as DJL wraps it. DJL would report to its makers over the network and unpack the library
 * into the home directory or a directory in /tmp that all users share; here it does neither: it is kept off the
 * network, and the library is unpacked into a private temporary directory that is deleted once it is loaded. A library
 * of one's own, {@code RUST_LIBRARY_PATH}, or cache, {@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR}, is respected.
 */
final class NativeTokenizers {
    private static final String CACHE_PROPERTY = "ENGINE_CACHE_DIR";
    private static final Map<String, String> OPTIONS =
            Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "true");

    private static boolean loaded;

    private NativeTokenizers() {}

    /**
     * A native tokenizer that neither pads nor truncates.
     *
     * @param source what the definition was made from, for the error message
     */
    static HuggingFaceTokenizer create(String definition, String source) {
        load();
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(definition.getBytes(StandardCharsets.UTF_8)), OPTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("Cannot read tokenizer: %s: %s".formatted(source, e.getMessage()), e);
        }
    }

    private static synchronized void load() {
        if (loaded) {
            return;
        }
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        // DJL looks for its native library with the thread's loader, which need not see this program.
        thread.setContextClassLoader(NativeTokenizers.class.getClassLoader());
        try {
            if (hasOwnCache()) {
                LibUtils.checkStatus();
            } else {
                loadFromPrivateDirectory();
            }
            loaded = true;
        } catch (EngineException | IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(
                    "Cannot load the native tokenizer library: %s".formatted(cause.getMessage()), e);
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    private static boolean hasOwnCache() {
        return Stream.of(CACHE_PROPERTY, "DJL_CACHE_DIR")
                .anyMatch(name -> System.getenv(name) != null || System.getProperty(name) != null);
    }

    private static void loadFromPrivateDirectory() throws IOException {
        Path directory = Files.createTempDirectory("spark-peft-tokenizers");
        System.setProperty(CACHE_PROPERTY, directory.toString());
        try {
            LibUtils.checkStatus();
        } finally {
            System.clearProperty(CACHE_PROPERTY);
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                // Where a loaded library cannot be deleted, it goes when the process ends.
                if (!path.toFile().delete()) {
                    path.toFile().deleteOnExit();
                }
            }
        }
    }
}
