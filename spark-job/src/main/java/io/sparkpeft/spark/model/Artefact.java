package io.sparkpeft.spark.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;

/**
 * A file that never changes, named by place and content, so that a cache on an executor can trust it.
 *
 * @param uri where it is
 * @param fingerprint of what it holds
 */
public record Artefact(String uri, String fingerprint) implements Serializable {
    /** No file. */
    public static final Artefact NONE = new Artefact("", "");

    @JsonIgnore
    public boolean isNone() {
        return uri.isEmpty();
    }
}
