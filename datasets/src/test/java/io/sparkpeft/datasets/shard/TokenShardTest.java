package io.sparkpeft.datasets.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.datasets.DatasetException;
import io.sparkpeft.datasets.shard.SplitSummary.ShardSummary;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards come back from their files as they went in, and samples are what quotas say. */
class TokenShardTest {
    private static final Configuration CONFIGURATION = new Configuration();

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        for (boolean paired : new boolean[] {true, false}) {
            for (int examples : new int[] {0, 1, 3000}) {
                TokenShard shard = Shards.of(2, examples, paired);
                write(shard);
                TokenShard read = TokenShard.read(CONFIGURATION, uri(), "train", 2);
                assertThat(print(read)).isEqualTo(print(shard));
                assertThat(read.isPaired()).isEqualTo(paired && examples > 0);
            }
        }
    }

    @Test
    void aMissingOrDamagedFileIsRefused() throws IOException {
        assertThatThrownBy(() -> TokenShard.read(CONFIGURATION, uri(), "train", 7))
                .isInstanceOf(DatasetException.class)
                .hasMessageMatching(
                        "Cannot read shard .*shard=00007/part.parquet: no such file; prepare the data again");
        write(Shards.of(2, 50, false));
        Path file = Path.of(ShardPaths.file(uri(), "train", 2).toUri());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> TokenShard.read(CONFIGURATION, uri(), "train", 2))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("Cannot read shard ");
    }

    @Test
    void aSampleIsSeededStableAndNested() {
        TokenShard shard = Shards.of(2, 400, true);
        List<Long> hundred = ordinals(shard.sample(100, 5));
        assertThat(hundred).hasSize(100).isSorted().doesNotHaveDuplicates();
        assertThat(ordinals(shard.sample(50, 5))).hasSize(50).isSubsetOf(hundred);
        assertThat(ordinals(shard.sample(100, 6))).isNotEqualTo(hundred);
        assertThat(ordinals(shard.sample(1000, 5))).isEqualTo(ordinals(shard));
        TokenShard sample = shard.sample(100, 5);
        int example = IntStream.range(0, 400)
                .filter(e -> shard.ordinal(e) == sample.ordinal(37))
                .findFirst()
                .orElseThrow();
        assertThat(sample.tokens(37)).isEqualTo(shard.tokens(example));
        assertThat(sample.typeIds(37)).isEqualTo(shard.typeIds(example));
        assertThat(sample.label(37)).isEqualTo(shard.label(example));
    }

    @Test
    void quotasSumToTheSampleAndAreProportional() {
        for (int[] sizes : new int[][] {{100, 0, 50, 51}, {1, 1, 1}, {7}, {1000, 999, 1001, 3}}) {
            SplitSummary split = split(sizes);
            for (long wanted : new long[] {0, 1, 2, 10, 97, 512, 100_000}) {
                int[] quota = split.quota(wanted);
                assertThat(IntStream.of(quota).sum()).isEqualTo((int) Math.min(wanted, split.examples()));
                for (int s = 0; s < sizes.length; s++) {
                    double share = (double) Math.min(wanted, split.examples()) * sizes[s] / split.examples();
                    assertThat(quota[s]).isLessThanOrEqualTo(sizes[s]).isBetween((int) Math.floor(share), (int)
                            Math.ceil(share));
                }
            }
        }
        assertThat(split(10, 0, 21).stepsPerEpoch(10)).isEqualTo(3);
    }

    private static SplitSummary split(int... sizes) {
        List<ShardSummary> shards = IntStream.of(sizes)
                .mapToObj(n -> new ShardSummary(n, n * 10L, 12))
                .toList();
        return new SplitSummary(IntStream.of(sizes).sum(), IntStream.of(sizes).sum() * 10L, 0, List.of(), shards);
    }

    private void write(TokenShard shard) throws IOException {
        try (ShardWriter writer = new ShardWriter(CONFIGURATION, ShardPaths.file(uri(), "train", 2))) {
            for (int e = 0; e < shard.examples(); e++) {
                int[] types = shard.isPaired() ? shard.typeIds(e) : new int[0];
                writer.write(new TokenExample(shard.ordinal(e), shard.tokens(e), types, shard.label(e)));
            }
        }
    }

    private URI uri() {
        return folder.toUri();
    }

    private static List<Long> ordinals(TokenShard shard) {
        return IntStream.range(0, shard.examples()).mapToObj(shard::ordinal).toList();
    }

    private static String print(TokenShard shard) {
        StringBuilder text = new StringBuilder();
        for (int e = 0; e < shard.examples(); e++) {
            text.append(shard.ordinal(e))
                    .append(Arrays.toString(shard.tokens(e)))
                    .append(Arrays.toString(shard.typeIds(e)))
                    .append(shard.label(e))
                    .append('\n');
        }
        return text.toString();
    }
}
