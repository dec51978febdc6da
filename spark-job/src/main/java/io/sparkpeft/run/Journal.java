package io.sparkpeft.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.sparkpeft.store.RunPlaces;
import io.sparkpeft.store.file.Storage;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stages of a run have come to, one small JSON file each, written when the stage is done. A run that is started
 * again finds the results there, wherever its directory is by then, and does only what is missing, so it comes to the
 * same bits.
 */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final Storage directory;
    private final RunPlaces places;

    /** @param places how the run that it belongs to names its files */
    public Journal(Storage directory, RunPlaces places) {
        this.directory = directory;
        this.places = places;
    }

    /** The part of the journal under a name. */
    public Journal part(String name) {
        return new Journal(directory.directory(name), places);
    }

    /** The result that is written under that name, else what the work gives, which is written then. */
    public <T> T once(String name, Class<T> type, Supplier<T> work) {
        String file = name + ".json";
        try {
            Optional<T> written = directory.exists(file) ? read(file, type) : Optional.empty();
            if (written.isPresent()) {
                return written.get();
            }
            T result = work.get();
            directory.replace(file, JSON.writeValueAsString(places.toWritten(JSON.valueToTree(result))));
            return result;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write %s: %s".formatted(directory.uri(file), e), e);
        }
    }

    /** The result in a file; empty if it is damaged, as half a file is that a file system without atomic rename left. */
    private <T> Optional<T> read(String file, Class<T> type) {
        try {
            return Optional.ofNullable(
                    JSON.treeToValue(places.fromWritten(JSON.readTree(directory.readText(file))), type));
        } catch (JsonProcessingException e) {
            LOG.warn("{} is damaged, so its stage is done again: {}", directory.uri(file), e.getOriginalMessage());
            return Optional.empty();
        }
    }
}
