package io.sparkpeft.datasets.sample;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.random.CounterRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small world in a small language, for trying everything out without any other data: stories to pre-train on, two
 * tasks to tune for, a tokenizer and the configuration of a model. A pure function of the seed; under one megabyte.
 *
 * <p>The world of {@link #SEED} comes with a model that the product pre-trained on its stories ({@code
 * conf/sample-pretrain.conf}); other worlds come with its configuration and tokenizer alone.
 *
 * <p>{@code general.jsonl} and {@code heldout.jsonl} (field {@code text}); {@code task-a} (sentiment) and {@code task-b}
 * (topic) with {@code train.tsv}, {@code dev.tsv}, {@code test.tsv} (columns {@code label}, {@code sentence});
 * {@code model} with {@code config.json}, the tokenizer and perhaps weights. No text occurs twice in a task, nor in both
 * files of stories.
 */
public final class SampleWorld {
    /** The seed of the world whose model has weights. */
    public static final long SEED = 42;

    /** What there is to read in the world. */
    public static final SampleLayout LAYOUT = layout();

    private static final String WEIGHTS = "model.safetensors";
    private static final int STORIES = 4000;
    private static final int HELD_OUT = 400;
    private static final int TRAIN = 2000;
    private static final int DEV = 500;
    private static final int TEST = 500;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private SampleWorld() {}

    /**
     * Writes the world; files of an earlier one are replaced.
     *
     * @param directory with any scheme that Hadoop knows
     */
    public static void write(Configuration configuration, Path directory, long seed) throws IOException {
        for (Map.Entry<String, String> file : files(seed).entrySet()) {
            byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
            write(configuration, new Path(directory, file.getKey()), content);
        }
        if (seed == SEED) {
            try (InputStream weights = SampleWorld.class.getResourceAsStream(WEIGHTS)) {
                write(configuration, new Path(directory, "model/" + WEIGHTS), weights.readAllBytes());
            }
        }
    }

    private static void write(Configuration configuration, Path path, byte[] content) throws IOException {
        FileSystem fileSystem = path.getFileSystem(configuration);
        // The files are there to be looked at and changed, which Hadoop's checksums of local files would forbid.
        FileSystem plain = fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
        try (OutputStream out = plain.create(path, true)) {
            out.write(content);
        }
    }

    private static SampleLayout layout() {
        Set<String> entries = new HashSet<>(List.of("model", "general.jsonl", "heldout.jsonl"));
        for (SampleTask task : SampleTask.values()) {
            List.of("train.tsv", "dev.tsv", "test.tsv").forEach(split -> entries.add(task.folder + "/" + split));
        }
        return new SampleLayout(entries);
    }

    /** Contents by file name. */
    static Map<String, String> files(long seed) {
        Map<String, String> files = new LinkedHashMap<>();
        List<String> stories = distinct(seed, STORIES + HELD_OUT, GeneralCorpus::story);
        files.put("general.jsonl", jsonLines(stories.subList(0, STORIES)));
        files.put("heldout.jsonl", jsonLines(stories.subList(STORIES, stories.size())));
        List<String> texts = new ArrayList<>(stories);
        for (SampleTask task : SampleTask.values()) {
            long key = CounterRandom.mix(seed, 1 + task.ordinal());
            List<String> examples = distinct(key, TRAIN + DEV + TEST, task::example);
            files.put(task.folder + "/train.tsv", table(examples.subList(0, TRAIN)));
            files.put(task.folder + "/dev.tsv", table(examples.subList(TRAIN, TRAIN + DEV)));
            files.put(task.folder + "/test.tsv", table(examples.subList(TRAIN + DEV, examples.size())));
            examples.forEach(example -> texts.add(example.substring(example.indexOf('\t') + 1)));
        }
        SampleTokenizer tokenizer = new SampleTokenizer(texts);
        files.put("model/config.json", json(tokenizer.model()));
        files.put("model/tokenizer.json", json(tokenizer.definition()));
        files.put("model/tokenizer_config.json", json(tokenizer.settings()));
        files.put("model/special_tokens_map.json", json(tokenizer.specials()));
        return files;
    }

    private static List<String> distinct(long key, int count, Function<Draw, String> maker) {
        Set<String> seen = new HashSet<>();
        return Stream.iterate(0L, i -> i + 1)
                .map(i -> maker.apply(new Draw(CounterRandom.mix(key, i))))
                .filter(seen::add)
                .limit(count)
                .toList();
    }

    private static String jsonLines(List<String> texts) {
        StringBuilder lines = new StringBuilder();
        texts.forEach(text ->
                lines.append(MAPPER.createObjectNode().put("text", text)).append('\n'));
        return lines.toString();
    }

    private static String table(List<String> rows) {
        return "label\tsentence\n" + String.join("\n", rows) + "\n";
    }

    private static String json(ObjectNode node) {
        return node.toPrettyString() + "\n";
    }
}
