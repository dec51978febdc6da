package io.sparkpeft.model.layer;

/**
 * The rows that go into a block and those that come out of it. The last attention of a network reads all rows, but is
 * asked by those alone that the head will read.
 *
 * @param rows that go in
 * @param kept that come out
 * @param ids of the kept rows among those that go in, ascending; empty where all are kept
 */
public record Flow(Rows rows, Rows kept, int[] ids) {
    private static final int[] ALL = {};

    /** All rows are kept. */
    public static Flow all(Rows rows) {
        return new Flow(rows, rows, ALL);
    }

    public boolean narrows() {
        return kept != rows;
    }
}
