package io.sparkpeft.predict.text;

import io.sparkpeft.datasets.row.TokenRow;
import io.sparkpeft.datasets.shard.TokenShard;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Puts windows of texts into the form that batches are made from. */
final class WindowShard {
    private WindowShard() {}

    /**
     * All windows of the texts, without labels.
     *
     * @param slots the place of each text's first window, by which windows are numbered
     */
    static TokenShard of(List<TokenRow.Kept> texts, long[] slots) {
        int[][] tokens =
                texts.stream().flatMap(text -> Stream.of(text.tokens())).toArray(int[][]::new);
        int[][] types =
                texts.stream().flatMap(text -> Stream.of(text.typeIds())).toArray(int[][]::new);
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
        return new TokenShard(0, allTokens, allTypes, offsets, labels, windowSlots(texts, slots, tokens.length));
    }

    private static long[] windowSlots(List<TokenRow.Kept> texts, long[] slots, int windows) {
        long[] all = new long[windows];
        int window = 0;
        for (int text = 0; text < slots.length; text++) {
            for (int w = 0; w < texts.get(text).tokens().length; w++) {
                all[window++] = slots[text] + w;
            }
        }
        return all;
    }
}
