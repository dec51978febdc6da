package io.sparkpeft.tokenizer.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.sparkpeft.tokenizer.TokenizedText;
import io.sparkpeft.tokenizer.Tokenizer;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A tokenizer of Hugging Face's Rust library. The native object is only read after it is made: texts are encoded whole
 * and cut here, so that calls with different lengths do not disturb each other.
 */
final class FastTokenizer implements Tokenizer {
    private final HuggingFaceTokenizer tokenizer;
    private final SpecialTokens specialTokens;
    private final int vocabularySize;
    private final TokenizerSettings settings;
    private final String fingerprint;

    FastTokenizer(
            HuggingFaceTokenizer tokenizer,
            SpecialTokens specialTokens,
            int vocabularySize,
            TokenizerSettings settings,
            String fingerprint) {
        this.tokenizer = tokenizer;
        this.specialTokens = specialTokens;
        this.vocabularySize = vocabularySize;
        this.settings = settings;
        this.fingerprint = fingerprint;
    }

    @Override
    public TokenizedText encode(String text, int maxLength) {
        try {
            return truncate(tokenizer.encode(wellFormed(text), true, false), maxLength);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public TokenizedText encode(String text, String pair, int maxLength) {
        try {
            return truncate(tokenizer.encode(wellFormed(text), wellFormed(pair), true, false), maxLength);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public int[] encodePlain(String text) {
        try {
            return toInts(tokenizer.encode(wellFormed(text), false, false).getIds());
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String decode(int[] tokens) {
        try {
            return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private TokenizedText truncate(Encoding encoding, int maxLength) {
        long[] ids = encoding.getIds();
        long[] types = encoding.getTypeIds();
        if (ids.length <= maxLength) {
            return new TokenizedText(toInts(ids), toInts(types), false);
        }
        long[] segments = encoding.getSequenceIds();
        int[] counts = new int[2];
        for (long segment : segments) {
            if (segment >= 0) {
                counts[(int) segment]++;
            }
        }
        int special = ids.length - counts[0] - counts[1];
        if (maxLength < special) {
            throw new IllegalArgumentException(
                    "Invalid length: %d tokens cannot hold the %d special tokens".formatted(maxLength, special));
        }
        Truncation kept = Truncation.longestFirst(counts[0], counts[1], maxLength - special);
        int[] from = {0, 0};
        if (settings.truncatesLeft()) {
            from = new int[] {counts[0] - kept.first(), counts[1] - kept.second()};
        }
        int[] to = {from[0] + kept.first(), from[1] + kept.second()};
        return cut(ids, types, segments, from, to);
    }

    /** All special tokens, and of each segment the tokens from {@code from} to before {@code to}. */
    private static TokenizedText cut(long[] ids, long[] types, long[] segments, int[] from, int[] to) {
        int[] keptIds = new int[ids.length];
        int[] keptTypes = new int[ids.length];
        int[] seen = new int[2];
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            int segment = (int) segments[i];
            if (segment >= 0) {
                int position = seen[segment]++;
                if (position < from[segment] || position >= to[segment]) {
                    continue;
                }
            }
            keptIds[count] = (int) ids[i];
            keptTypes[count++] = (int) types[i];
        }
        return new TokenizedText(Arrays.copyOf(keptIds, count), Arrays.copyOf(keptTypes, count), true);
    }

    /** Half a surrogate pair is no character: native code would refuse it. */
    private static String wellFormed(String text) {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return text;
        }
        StringBuilder builder = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .forEach(builder::appendCodePoint);
        return builder.toString();
    }

    private static int[] toInts(long[] values) {
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) values[i];
        }
        return ints;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public OptionalInt maskTokenId() {
        return specialTokens.mask();
    }

    @Override
    public OptionalInt padTokenId() {
        return specialTokens.pad();
    }

    @Override
    public OptionalInt unknownTokenId() {
        return specialTokens.unknown();
    }

    @Override
    public OptionalInt beginTokenId() {
        return specialTokens.begin();
    }

    @Override
    public OptionalInt endTokenId() {
        return specialTokens.end();
    }

    @Override
    public boolean isSpecial(int id) {
        return id >= 0 && specialTokens.all().get(id);
    }

    @Override
    public OptionalInt modelMaxLength() {
        return settings.modelMaxLength();
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
