package io.sparkpeft.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.store.file.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
    private static final float[] VALUES = {1f, -0f, Float.MIN_VALUE, Float.intBitsToFloat(0x7fc01234), 3.5f};

    @TempDir
    Path folder;

    private CheckpointStore store;

    private record Round(int phase, int number, double loss) {}

    @BeforeEach
    void open() {
        store = store("hash", 2);
    }

    private CheckpointStore store(String hash, int keep) {
        Storage storage = Storage.at(folder.toString(), new Configuration());
        return new CheckpointStore(storage, DriverFence.take(storage, "test"), hash, keep);
    }

    private static Checkpoint checkpoint(long sequence) {
        return Checkpoint.of(sequence, new Round(1, (int) sequence, 0.1 * sequence))
                .with("values", VALUES)
                .with("extra", new byte[] {(byte) sequence});
    }

    @Test
    void givesBackTheNewestBitForBit() {
        store.save(checkpoint(9));
        store.save(checkpoint(10));

        Checkpoint newest = store("hash", 2).newest().orElseThrow();
        assertThat(newest.sequence()).isEqualTo(10);
        assertThat(newest.stateAs(Round.class)).isEqualTo(new Round(1, 10, 0.1 * 10));
        assertThat(bits(newest.floats("values"))).isEqualTo(bits(VALUES));
        assertThat(newest.bytes("extra")).containsExactly(10);
        assertThatThrownBy(() -> newest.bytes("none")).hasMessageContaining("it has no none, only [values, extra]");
    }

    @Test
    void keepsTheLastOnes() {
        for (long s = 1; s <= 5; s++) {
            store.save(checkpoint(s));
        }

        assertThat(directories()).hasSize(2).allMatch(name -> name.compareTo("0000000004") > 0);
    }

    @Test
    void passesOverDamagedUnfinishedAndForeignOnes() throws IOException {
        store = store("hash", 9);
        for (long s = 1; s <= 6; s++) {
            store.save(checkpoint(s));
        }
        flip(file(6, "values.bin"));
        Files.delete(file(5, "manifest.json"));
        flip(file(4, "manifest.json"));
        Files.delete(file(3, "extra.bin"));

        assertThat(store("hash", 9).newest()).map(Checkpoint::sequence).contains(2L);
        assertThat(store("other", 9).newest()).isEmpty();
    }

    @Test
    void passesOverATruncatedManifestAndAChangedState() throws IOException {
        for (long s = 1; s <= 2; s++) {
            store.save(checkpoint(s));
        }
        Path manifest = file(2, "manifest.json");
        String text = Files.readString(manifest);
        Files.writeString(manifest, text.replace("\"phase\" : 1", "\"phase\" : 2"));
        assertThat(store("hash", 2).newest()).map(Checkpoint::sequence).contains(1L);

        Files.writeString(manifest, text.substring(0, text.length() / 2));
        assertThat(store("hash", 2).newest()).map(Checkpoint::sequence).contains(1L);

        Files.writeString(manifest, text);
        assertThat(store("hash", 2).newest()).map(Checkpoint::sequence).contains(2L);
    }

    @Test
    void aDriverThatLostTheRunWritesNothing() {
        store.save(checkpoint(1));
        CheckpointStore successor = store("hash", 2);

        assertThatThrownBy(() -> store.save(checkpoint(2)))
                .hasMessageContaining("another driver has taken it over (driver 2: test; this is driver 1)");
        assertThat(successor.newest()).map(Checkpoint::sequence).contains(1L);
        successor.save(checkpoint(2));
        assertThat(successor.newest()).map(Checkpoint::sequence).contains(2L);
    }

    @Test
    void doesNotKeepTheSameSequenceOfALostDriverForAnotherOne() {
        store.save(checkpoint(1));
        store.save(checkpoint(2));
        CheckpointStore successor = store("hash", 2);
        successor.save(checkpoint(2));
        successor.save(checkpoint(3));

        assertThat(directories()).containsExactly("0000000002-000001", "0000000002-000002", "0000000003-000002");
    }

    @Test
    void namesOfBlobsAreFileNames() {
        assertThatThrownBy(() -> Checkpoint.of(1, Map.of()).with("../x", new byte[0]))
                .hasMessage("Invalid name of a blob: ../x");
    }

    private List<String> directories() {
        try (Stream<Path> paths = Files.list(folder.resolve("checkpoints"))) {
            return paths.map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(long sequence, String name) throws IOException {
        try (Stream<Path> paths = Files.list(folder.resolve("checkpoints"))) {
            return paths.filter(p -> p.getFileName().toString().startsWith("%010d-".formatted(sequence)))
                    .max(Comparator.naturalOrder())
                    .orElseThrow()
                    .resolve(name);
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
