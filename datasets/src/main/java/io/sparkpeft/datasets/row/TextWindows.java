package io.sparkpeft.datasets.row;

import io.sparkpeft.datasets.corpus.CorpusRecord;
import io.sparkpeft.random.CounterRandom;
import io.sparkpeft.tokenizer.TokenizedText;
import io.sparkpeft.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Turns a text into the windows that a model reads. */
public final class TextWindows {
    private final Tokenizer tokenizer;
    private final int maxLength;
    private final boolean split;

    /** @param split whether a text that is too long becomes several windows; else its end is cut off */
    public TextWindows(Tokenizer tokenizer, int maxLength, boolean split) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.split = split;
    }

    /** @param minTokens of the whole text, special tokens included */
    public TokenRow.Content content(CorpusRecord.Example example, int minTokens) {
        TokenizedText text = example.pair().isEmpty()
                ? tokenizer.encode(example.text(), maxLength)
                : tokenizer.encode(example.text(), example.pair(), maxLength);
        if (IntStream.of(text.ids()).allMatch(tokenizer::isSpecial)) {
            return new TokenRow.Malformed(example.offset(), "empty text", "it has no tokens", example.text());
        }
        if (text.length() < minTokens) {
            return new TokenRow.Short();
        }
        long id = id(example);
        if (text.truncated() && split && example.pair().isEmpty()) {
            int[][] windows = windows(text.ids(), tokenizer.encodePlain(example.text()));
            return new TokenRow.Kept(id, example.label(), false, windows, new int[windows.length][0]);
        }
        boolean oneType = IntStream.of(text.typeIds()).allMatch(type -> type == 0);
        return new TokenRow.Kept(id, example.label(), text.truncated(), new int[][] {text.ids()}, new int[][] {
            oneType ? new int[0] : text.typeIds()
        });
    }

    /** Pieces of the body one after the other, each between the special tokens of the whole. */
    private int[][] windows(int[] whole, int[] body) {
        int head = 0;
        while (tokenizer.isSpecial(whole[head])) {
            head++;
        }
        int tail = 0;
        while (tokenizer.isSpecial(whole[whole.length - 1 - tail])) {
            tail++;
        }
        int room = maxLength - head - tail;
        int[][] windows = new int[(body.length + room - 1) / room][];
        for (int w = 0; w < windows.length; w++) {
            int length = Math.min(room, body.length - w * room);
            windows[w] = Arrays.copyOf(whole, head + length + tail);
            System.arraycopy(body, w * room, windows[w], head, length);
            System.arraycopy(whole, whole.length - tail, windows[w], head + length, tail);
        }
        return windows;
    }

    private static long id(CorpusRecord.Example example) {
        return hash(hash(0, example.text()), example.pair());
    }

    private static long hash(long key, String text) {
        long hash = CounterRandom.mix(key, text.length());
        for (int i = 0; i < text.length(); i++) {
            hash = CounterRandom.mix(hash, text.charAt(i));
        }
        return hash;
    }
}
