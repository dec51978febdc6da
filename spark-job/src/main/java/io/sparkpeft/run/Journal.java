package io.sparkpeft.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkpeft.store.Storage;
import java.util.function.Supplier;

/**
 * What the stages of a run have come to, one small JSON file each, written when the stage is done. A run that is started
 * again finds the results there and does only what is missing, so it comes to the same bits.
 */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Storage directory;

    public Journal(Storage directory) {
        this.directory = directory;
    }

    /** The part of the journal under a name. */
    public Journal part(String name) {
        return new Journal(directory.directory(name));
    }

    /** The result that is written under that name, else what the work gives, which is written then. */
    public <T> T once(String name, Class<T> type, Supplier<T> work) {
        String file = name + ".json";
        try {
            if (directory.exists(file)) {
                return JSON.readValue(directory.readText(file), type);
            }
            T result = work.get();
            directory.replace(file, JSON.writeValueAsString(result));
            return result;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Cannot read %s: it is damaged (%s); delete it to have the stage done again"
                            .formatted(directory.uri(file), e.getOriginalMessage()),
                    e);
        }
    }
}
