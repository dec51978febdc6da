package io.sparkpeft.datasets.corpus;

/** What one example of a plain text is. */
public enum TextUnit {
    /** Every line that is not blank. */
    LINE,
    /** Lines that follow each other without a blank line between them, joined by line feeds. */
    PARAGRAPH,
    FILE
}
