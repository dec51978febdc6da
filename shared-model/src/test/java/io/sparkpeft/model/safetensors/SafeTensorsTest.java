package io.sparkpeft.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.random.CounterRandom;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read again bit by bit, and no file that lies is read at all. */
class SafeTensorsTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        float[] large = new float[300_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = Float.intBitsToFloat((int) CounterRandom.mix(1, i));
        }
        SafeTensorsWriter writer = new SafeTensorsWriter()
                .add("large", new int[] {3, 100_000}, large)
                .add("number", new int[0], new float[] {-0f})
                .add("empty", new int[] {0, 4}, new float[0])
                .add("whole", new int[] {2}, new int[] {7, -1});
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(bytes);
        assertThat(bytes.size()).isEqualTo((int) writer.length());
        Files.write(directory.resolve("t"), bytes.toByteArray());

        SafeTensorsHeader header = SafeTensorsReader.header(files(), "t");
        assertThat(header.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThat(header.dataStart() % 8).isZero();
        assertThat(header.tensors().stream().map(TensorEntry::shape))
                .containsExactlyInAnyOrder(List.of(3L, 100_000L), List.of(), List.of(0L, 4L), List.of(2L));
        Map<String, float[]> read = readFloats();
        assertThat(read.keySet()).containsExactly("empty", "large", "number");
        assertThat(bits(read.get("large"))).isEqualTo(bits(large));
        assertThat(bits(read.get("number"))).isEqualTo(bits(new float[] {-0f}));
        assertThat(read.get("empty")).isEmpty();
        float[] pieces = new float[large.length];
        SafeTensorsReader.readPieces(
                files(),
                "t",
                entry -> entry.name().equals("large"),
                (entry, from, count, values) -> System.arraycopy(values, 0, pieces, from, count));
        assertThat(bits(pieces)).isEqualTo(bits(large));
    }

    @Test
    void integersAreRefusedWhereFloatsAreWanted() throws IOException {
        write("{\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8);
        assertThatThrownBy(() -> SafeTensorsReader.read(files(), "t", entry -> true, (entry, values) -> {}))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("Cannot read %s: tensor ids holds I64 values, floating point is needed", file());
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000, 0",
        "0x8000, -0.0",
        "0x3C00, 1",
        "0xC000, -2",
        "0x7BFF, 65504",
        "0x0001, 5.9604644775390625e-8",
        "0x83FF, -6.097555160522461e-5",
        "0x0400, 6.103515625e-5",
        "0x3555, 0.333251953125",
        "0x7C00, Infinity",
        "0xFC00, -Infinity",
        "0x7E00, NaN"
    })
    void halfPrecisionIsConvertedExactly(String half, float value) {
        assertThat(Float.valueOf(
                        DataType.halfToFloat((short) Integer.decode(half).intValue())))
                .isEqualTo(Float.valueOf(value));
    }

    @Test
    void everyFloatingTypeIsConverted() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(-1.25).putFloat(0.1f).putShort((short) 0x3E00).putShort((short) 0xC049);
        write("""
                {"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"f":{"dtype":"F32","shape":[1],
                "data_offsets":[8,12]},"h":{"dtype":"F16","shape":[1],"data_offsets":[12,14]},
                "b":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]}}""", data.array());
        Map<String, float[]> read = readFloats();
        assertThat(read.get("d")).containsExactly(-1.25f);
        assertThat(read.get("f")).containsExactly(0.1f);
        assertThat(read.get("h")).containsExactly(1.5f);
        assertThat(read.get("b")).containsExactly(-3.140625f);
    }

    @Test
    void aFileThatLiesIsRefusedWithItsNameAndWhatIsWrong() throws IOException {
        refuses(new byte[5], "it has 5 bytes, the header's length alone takes 8");
        refuses(header(100, "{}"), "its header is said to have 100 bytes, the file has 10");
        refuses(header(100_000_001, "{}"), "its header is said to have 100000001 bytes, at most 100000000 are allowed");
        refuses(
                header(-1, "{}"),
                "its header is said to have 18446744073709551615 bytes, at most 100000000 are allowed");
        refuses(file("[]", 0), "its header is not a JSON object");
        refuses(file("{} {}", 0), "its header goes on after the JSON object");
        refuses(file(a("[2]", "[0,8]"), 4), "tensor a ends at byte 8, the file holds 4 bytes of tensors");
        refuses(file(a("[2]", "[0,8]"), 12), "bytes 8 to 12 belong to no tensor");
        refuses(file(a("[2]", "[4,12]"), 12), "bytes 0 to 4 belong to no tensor");
        refuses(file(a("[2]", "[8,0]"), 8), "the data_offsets [8, 0] of tensor a are reversed");
        refuses(
                file(a("[3]", "[0,8]"), 8),
                "tensor a has shape [3] of F32, which takes 12 bytes, and data_offsets of 8 bytes");
        refuses(
                file(a("[4294967296,4294967296]", "[0,8]"), 8),
                "tensor a has shape [4294967296, 4294967296] of F32, which takes 73786976294838206464 bytes,"
                        + " and data_offsets of 8 bytes");
        refuses(file(a("[-2]", "[0,8]"), 8), "the shape of tensor a has the invalid number -2");
        refuses(file(a("[1.5]", "[0,8]"), 8), "the shape of tensor a has the invalid number 1.5");
        refuses(file(a("[2]", "[0]"), 8), "the header's entry for a lacks dtype, shape or data_offsets");
        refuses(file("{\"a\":3}", 0), "the header's entry for a lacks dtype, shape or data_offsets");
        refuses(
                file("{\"a\":{\"dtype\":\"F8\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8),
                "tensor a has the unknown dtype F8");
        refuses(file("{\"__metadata__\":{\"n\":1}}", 0), "__metadata__.n is 1, not a text");
        String one = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        refuses(file("{" + one + "," + one + "}", 8), "its header has the key a twice");
        refuses(
                file("{" + one + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12),
                "tensors a and b overlap at byte 4");
        assertThatThrownBy(() -> SafeTensorsReader.header(files(), "absent"))
                .hasMessage("Cannot read %s: there is no such file", directory.resolve("absent"));
    }

    @Test
    void anythingCutShortIsRefused() throws IOException {
        byte[] whole = file(a("[2]", "[0,8]"), 8);
        for (int length = 0; length < whole.length; length++) {
            Files.write(directory.resolve("t"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafeTensorsReader.header(files(), "t"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("Cannot read " + file() + ": ");
        }
    }

    @Test
    void shardsAreFoundThroughTheirIndex() throws IOException {
        Files.write(directory.resolve("one"), file(a("[1]", "[0,4]"), 4));
        Files.write(directory.resolve("two"), file(a("[1]", "[0,4]").replace("\"a\"", "\"b\""), 4));
        index("{\"weight_map\":{\"a\":\"one\",\"b\":\"two\"}}");
        ShardIndex index = ShardIndex.read(files());
        assertThat(index.files()).containsExactly("one", "two");
        assertThat(index.fileOf()).isEqualTo(Map.of("a", "one", "b", "two"));

        index("{\"weight_map\":{\"a\":\"two\",\"b\":\"two\"}}");
        refusesIndex("it places tensor a in two, which has no such tensor");
        index("{\"weight_map\":{\"a\":\"../one\"}}");
        refusesIndex("it places tensor a in the file \"../one\"");
        index("{}");
        refusesIndex("it has no weight_map");
        index("{");
        assertThatThrownBy(() -> ShardIndex.read(files())).hasMessageContaining("it is not JSON");
        Files.write(directory.resolve("two"), file(a("[1]", "[0,4]"), 4));
        index("{\"weight_map\":{\"a\":\"one\",\"b\":\"two\"}}");
        assertThatThrownBy(() -> ShardIndex.read(files()))
                .hasMessage("Cannot read %s: tensor a is in one too", directory.resolve("two"));
        Files.delete(directory.resolve(ShardIndex.INDEX));
        assertThatThrownBy(() -> ShardIndex.read(files()))
                .hasMessage("Cannot read %s: there is neither model.safetensors nor model.safetensors.index.json"
                        .formatted(directory.resolve("model.safetensors")));
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve(ShardIndex.INDEX), json);
    }

    private void refusesIndex(String why) {
        assertThatThrownBy(() -> ShardIndex.read(files()))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("Cannot read %s: %s", directory.resolve(ShardIndex.INDEX), why);
    }

    private void refuses(byte[] content, String why) throws IOException {
        Files.write(directory.resolve("t"), content);
        assertThatThrownBy(() -> SafeTensorsReader.header(files(), "t"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("Cannot read %s: %s", file(), why);
    }

    private static String a(String shape, String offsets) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":%s}}".formatted(shape, offsets);
    }

    private static byte[] file(String json, int dataBytes) {
        byte[] header = header(json.getBytes(StandardCharsets.UTF_8).length, json);
        return Arrays.copyOf(header, header.length + dataBytes);
    }

    private static byte[] header(long length, String json) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(text)
                .array();
    }

    private void write(String json, int dataBytes) throws IOException {
        Files.write(directory.resolve("t"), file(json, dataBytes));
    }

    private void write(String json, byte[] data) throws IOException {
        byte[] whole = file(json, data.length);
        System.arraycopy(data, 0, whole, whole.length - data.length, data.length);
        Files.write(directory.resolve("t"), whole);
    }

    private Map<String, float[]> readFloats() throws IOException {
        Map<String, float[]> read = new TreeMap<>();
        SafeTensorsReader.read(
                files(), "t", entry -> entry.type().isFloating(), (entry, values) -> read.put(entry.name(), values));
        return read;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private CheckpointFiles files() {
        return new LocalCheckpointFiles(directory);
    }

    private Path file() {
        return directory.resolve("t");
    }
}
