package io.sparkpeft.model.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a safetensors file: a little-endian 64-bit length, then that many bytes of JSON. Whatever it says is
 * checked against the file before a tensor is read: the tensors must fill the rest of the file without overlap or hole.
 *
 * @param bytes length of the JSON text
 * @param metadata the {@code __metadata__} entry
 * @param tensors in the order of their bytes
 */
public record SafeTensorsHeader(long bytes, Map<String, String> metadata, List<TensorEntry> tensors) {
    static final long LARGEST = 100_000_000;
    private static final String METADATA = "__metadata__";
    private static final JsonFactory JSON = new ObjectMapper()
            .getFactory()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonParser.Feature.INCLUDE_SOURCE_IN_LOCATION);

    /** First byte of the tensors in the file. */
    public long dataStart() {
        return Long.BYTES + bytes;
    }

    /**
     * Reads the header and leaves the stream at the first byte of the tensors.
     *
     * @param length of the whole file in bytes
     * @param file where it is, for messages
     * @throws CheckpointException if the header does not describe the file
     */
    public static SafeTensorsHeader read(InputStream in, long length, String file) throws IOException {
        return new Parser(file).parse(in, length);
    }

    private static final class Parser {
        private final String file;
        private final TreeMap<String, String> metadata = new TreeMap<>();
        private final List<TensorEntry> tensors = new ArrayList<>();

        Parser(String file) {
            this.file = file;
        }

        SafeTensorsHeader parse(InputStream in, long length) throws IOException {
            if (length < Long.BYTES) {
                throw failure("it has %d bytes, the header's length alone takes 8", length);
            }
            long bytes = ByteBuffer.wrap(in.readNBytes(Long.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            if (bytes < 0 || bytes > LARGEST) {
                throw failure(
                        "its header is said to have %s bytes, at most %d are allowed",
                        Long.toUnsignedString(bytes), LARGEST);
            }
            if (bytes > length - Long.BYTES) {
                throw failure("its header is said to have %d bytes, the file has %d", bytes, length);
            }
            byte[] json = in.readNBytes((int) bytes);
            if (json.length < bytes) {
                throw failure("it ends after %d of %d bytes of the header", json.length, bytes);
            }
            readEntries(json);
            checkBytes(length - Long.BYTES - bytes);
            return new SafeTensorsHeader(bytes, Map.copyOf(metadata), List.copyOf(tensors));
        }

        private void readEntries(byte[] json) throws IOException {
            try (JsonParser parser = JSON.createParser(json)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw failure("its header is not a JSON object");
                }
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    JsonNode value = parser.readValueAsTree();
                    if (name.equals(METADATA)) {
                        readMetadata(value);
                    } else {
                        tensors.add(entry(name, value));
                    }
                }
                if (parser.nextToken() != null) {
                    throw failure("its header goes on after the JSON object");
                }
            } catch (JsonProcessingException e) {
                String message = e.getOriginalMessage();
                if (message.startsWith("Duplicate field")) {
                    throw new CheckpointException(
                            "Cannot read %s: its header has the key %s twice"
                                    .formatted(
                                            file,
                                            message.substring(message.indexOf('\''))
                                                    .replace("'", "")),
                            e);
                }
                throw new CheckpointException(
                        "Cannot read %s: its header is not JSON (%s)".formatted(file, message), e);
            }
        }

        private void readMetadata(JsonNode value) throws CheckpointException {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                if (!field.getValue().isTextual()) {
                    throw failure("%s.%s is %s, not a text", METADATA, field.getKey(), field.getValue());
                }
                metadata.put(field.getKey(), field.getValue().textValue());
            }
        }

        private TensorEntry entry(String name, JsonNode value) throws CheckpointException {
            JsonNode offsets = value.path("data_offsets");
            if (!value.path("dtype").isTextual() || !value.path("shape").isArray() || offsets.size() != 2) {
                throw failure("the header's entry for %s lacks dtype, shape or data_offsets", name);
            }
            String typeName = value.get("dtype").textValue();
            DataType type = DataType.byName(typeName)
                    .orElseThrow(() -> failure("tensor %s has the unknown dtype %s", name, typeName));
            List<Long> shape = new ArrayList<>();
            BigInteger size = BigInteger.valueOf(type.bytes());
            for (JsonNode dimension : value.get("shape")) {
                long extent = natural(dimension, name, "shape");
                shape.add(extent);
                size = size.multiply(BigInteger.valueOf(extent));
            }
            long begin = natural(offsets.get(0), name, "data_offsets");
            long end = natural(offsets.get(1), name, "data_offsets");
            if (end < begin) {
                throw failure("the data_offsets [%d, %d] of tensor %s are reversed", begin, end, name);
            }
            if (!size.equals(BigInteger.valueOf(end - begin))) {
                throw failure(
                        "tensor %s has shape %s of %s, which takes %s bytes, and data_offsets of %d bytes",
                        name, shape, type, size, end - begin);
            }
            return new TensorEntry(name, type, shape, begin, end);
        }

        private long natural(JsonNode number, String tensor, String key) throws CheckpointException {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw failure("the %s of tensor %s has the invalid number %s", key, tensor, number);
            }
            return number.longValue();
        }

        private void checkBytes(long available) throws CheckpointException {
            tensors.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
            long next = 0;
            String previous = "";
            for (TensorEntry tensor : tensors) {
                if (tensor.end() > available) {
                    throw failure(
                            "tensor %s ends at byte %d, the file holds %d bytes of tensors",
                            tensor.name(), tensor.end(), available);
                }
                if (tensor.begin() < next) {
                    throw failure("tensors %s and %s overlap at byte %d", previous, tensor.name(), tensor.begin());
                }
                if (tensor.begin() > next) {
                    throw failure("bytes %d to %d belong to no tensor", next, tensor.begin());
                }
                next = tensor.end();
                previous = tensor.name();
            }
            if (next < available) {
                throw failure("bytes %d to %d belong to no tensor", next, available);
            }
        }

        private CheckpointException failure(String format, Object... values) {
            return new CheckpointException("Cannot read %s: ".formatted(file) + format.formatted(values));
        }
    }
}
