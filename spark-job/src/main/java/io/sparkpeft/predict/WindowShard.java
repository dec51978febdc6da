package io.sparkpeft.predict;

import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.TokenShard;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Puts windows of texts into the form that batches are made from. */
final class WindowShard {
    private WindowShard() {}

    /** All windows of the records, without labels, numbered by their places as prepared data numbers them. */
    static TokenShard of(List<InputRecord> records, InputCensus census) {
        int[][] tokens = windows(records).flatMap(w -> Stream.of(w.tokens())).toArray(int[][]::new);
        int[][] types = windows(records).flatMap(w -> Stream.of(w.typeIds())).toArray(int[][]::new);
        boolean paired = Arrays.stream(types).anyMatch(window -> window.length > 0);
        int[] offsets = new int[tokens.length + 1];
        for (int w = 0; w < tokens.length; w++) {
            offsets[w + 1] = offsets[w] + tokens[w].length;
        }
        int[] allTokens = new int[offsets[tokens.length]];
        int[] allTypes = new int[paired ? allTokens.length : 0];
        for (int w = 0; w < tokens.length; w++) {
            System.arraycopy(tokens[w], 0, allTokens, offsets[w], tokens[w].length);
            System.arraycopy(types[w], 0, allTypes, paired ? offsets[w] : 0, types[w].length);
        }
        int[] labels = new int[tokens.length];
        Arrays.fill(labels, -1);
        return new TokenShard(0, allTokens, allTypes, offsets, labels, slots(records, census, tokens.length));
    }

    private static Stream<TokenRow.Kept> windows(List<InputRecord> records) {
        return records.stream().map(record -> record.windows().orElseThrow());
    }

    private static long[] slots(List<InputRecord> records, InputCensus census, int windows) {
        long[] slots = new long[windows];
        int window = 0;
        for (InputRecord record : records) {
            for (int w = 0; w < record.slots(); w++) {
                slots[window++] = census.firstSlot()[record.slice()] + record.slot() + w;
            }
        }
        return slots;
    }
}
