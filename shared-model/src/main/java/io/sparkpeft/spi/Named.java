package io.sparkpeft.spi;

/** Something that a recipe chooses by name. */
public interface Named {
    /** The name that a recipe uses: lower case, words joined by hyphens. */
    String name();
}
