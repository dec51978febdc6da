package io.sparkpeft.datasets.corpus.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.datasets.corpus.CorpusSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One JSON object a line. */
final class JsonLines implements LineRecords.Parser {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final CorpusSpec spec;

    JsonLines(CorpusSpec spec) {
        this.spec = spec;
    }

    @Override
    public CorpusRecord parse(long offset, String line) {
        JsonNode object;
        try {
            object = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return new CorpusRecord.Malformed(offset, "not JSON", e.getOriginalMessage(), line);
        }
        if (!object.isObject()) {
            return new CorpusRecord.Malformed(offset, "not a JSON object", "", line);
        }
        for (String column : List.of(spec.textColumn(), spec.pairColumn(), spec.labelColumn())) {
            if (object.path(column).isContainerNode()) {
                return new CorpusRecord.Malformed(offset, "not a plain value", "column '" + column + "'", line);
            }
        }
        return Fields.record(
                offset,
                value(object, spec.textColumn()),
                value(object, spec.pairColumn()),
                value(object, spec.labelColumn()),
                spec,
                line);
    }

    /** Refuses a file whose first object has not the columns asked for. */
    void requireColumns(String line, String file) {
        try {
            JsonNode object = MAPPER.readTree(line);
            if (!object.isObject()) {
                return;
            }
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String column : List.of(spec.textColumn(), spec.pairColumn(), spec.labelColumn())) {
                if (!column.isEmpty() && !object.has(column)) {
                    throw ColumnLayout.missing(column, names, file);
                }
            }
        } catch (JsonProcessingException e) {
            // A line that is not JSON is counted when it is read; it says nothing of the columns.
        }
    }

    private static Optional<String> value(JsonNode object, String column) {
        JsonNode value = object.path(column);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        return Optional.of(
                value.getNodeType() == JsonNodeType.NUMBER ? Fields.label(value.decimalValue()) : value.asText());
    }
}
