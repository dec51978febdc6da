package io.sparkpeft.model.adapter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparkpeft.model.Objective;
import io.sparkpeft.model.safetensors.SafeTensorsWriter;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import io.sparkpeft.param.WeightSource;
import io.sparkpeft.param.source.TunedWeights;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tuned weights as a SHiRA adapter (Bhardwaj et al. 2024, arXiv 2406.13175), which PEFT 0.17 and later load onto the
 * base model: {@code adapter_config.json} and {@code adapter_model.safetensors}.
 *
 * <p>For every linear layer M with tuned weights there are {@code base_model.model.M.shira_weight}, float32 [n], what is
 * added to the base, and {@code base_model.model.M.shira_indices}, int32 [2, n], rows and columns. PEFT asks for n =
 * r·(rows + columns) with one r for all layers, so that positions that are not tuned fill up with 0. The task head, which
 * base models lack, goes in whole ({@code modules_to_save}). Since values are differences, the sum may differ from the
 * tuned weight in the last bit.
 */
public final class ShiraAdapter {
    private static final String PREFIX = "base_model.model.";

    private final WeightSource base;
    private final MaskIndex index;
    private final float[] values;
    private final List<ShiraLayer> layers;
    private final int rank;

    private ShiraAdapter(WeightSource base, MaskIndex index, float[] values, List<ShiraLayer> layers, int rank) {
        this.base = base;
        this.index = index;
        this.values = values;
        this.layers = layers;
        this.rank = rank;
    }

    /**
     * Checks that the format can hold them.
     *
     * @param base the weights that the adapter will be put on, pruned if they were
     * @param index which weights are tuned
     * @param values what they became, in the order of the index
     * @throws IllegalArgumentException if weights are tuned that SHiRA has no place for; the message names them
     */
    public static ShiraAdapter of(WeightSource base, MaskIndex index, float[] values) {
        ParameterLayout layout = base.layout();
        List<ShiraLayer> layers = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (int t : layout.indicesOf(TensorRole.BODY)) {
            TensorSpec spec = layout.tensor(t);
            if (index.count(t) > 0 && spec.kind() == TensorKind.LINEAR) {
                layers.add(new ShiraLayer(t, spec, index.count(t)));
            } else if (index.count(t) > 0) {
                others.add("%s (%,d)".formatted(spec.name(), index.count(t)));
            }
        }
        requireLinear(others);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot write a SHiRA adapter: no weight of a linear layer is tuned besides the head");
        }
        return new ShiraAdapter(base, index, values, List.copyOf(layers), rank(layers));
    }

    private static void requireLinear(List<String> others) {
        if (!others.isEmpty()) {
            int shown = Math.min(3, others.size());
            throw new IllegalArgumentException(
                    "Cannot write a SHiRA adapter: it holds weights of torch.nn.Linear alone, and tuned are also those of"
                            + " %s%s"
                                    .formatted(
                                            String.join(", ", others.subList(0, shown)),
                                            others.size() > shown
                                                    ? " and %d more tensors".formatted(others.size() - shown)
                                                    : ""));
        }
    }

    private static int rank(List<ShiraLayer> layers) {
        ShiraLayer fullest = layers.get(0);
        for (ShiraLayer layer : layers) {
            fullest = layer.rank() > fullest.rank() ? layer : fullest;
        }
        for (ShiraLayer layer : layers) {
            if (!layer.holds(fullest.rank())) {
                throw new IllegalArgumentException(
                        ("Cannot write a SHiRA adapter: its r is one for all layers, the %,d tuned weights of %s need %d,"
                                        + " and with that %s would have %,d places for its %,d weights")
                                .formatted(
                                        fullest.tuned(),
                                        fullest.spec().name(),
                                        fullest.rank(),
                                        layer.spec().name(),
                                        layer.positions(fullest.rank()),
                                        layer.spec().size()));
            }
        }
        return fullest.rank();
    }

    /** PEFT's r. */
    public int rank() {
        return rank;
    }

    /** Weights of linear layers that are tuned. */
    public long tuned() {
        return layers.stream().mapToLong(ShiraLayer::tuned).sum();
    }

    /** Positions stored for them, those with 0 included. */
    public long positions() {
        return layers.stream().mapToLong(layer -> layer.positions(rank)).sum();
    }

    /**
     * The adapter_config.json.
     *
     * @param baseModel where the base is: a directory, or a name on the Hugging Face hub
     */
    public byte[] config(Objective objective, String baseModel) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("peft_type", "SHIRA").put("task_type", taskType(objective));
        json.put("base_model_name_or_path", baseModel).put("inference_mode", true);
        json.put("r", rank).put("mask_type", "custom").putNull("random_seed");
        json.put("fan_in_fan_out", false).put("init_weights", true);
        ArrayNode targets = json.putArray("target_modules");
        layers.forEach(layer -> targets.add(layer.module()));
        Set<String> head = headModules();
        if (head.isEmpty()) {
            json.putNull("modules_to_save");
        } else {
            head.forEach(json.putArray("modules_to_save")::add);
        }
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** PEFT has no name for masked-LM: such an adapter loads as a plain PeftModel. */
    private static String taskType(Objective objective) {
        return switch (objective) {
            case SEQUENCE_CLASSIFICATION -> "SEQ_CLS";
            case CAUSAL_LM -> "CAUSAL_LM";
            case MASKED_LM -> null;
        };
    }

    private Set<String> headModules() {
        ParameterLayout layout = base.layout();
        return Arrays.stream(layout.indicesOf(TensorRole.HEAD))
                .mapToObj(t -> module(layout.tensor(t)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Name of the module that a tensor belongs to. */
    static String module(TensorSpec spec) {
        return spec.name().substring(0, spec.name().lastIndexOf('.'));
    }

    /** Writes the adapter_model.safetensors; the stream stays open. */
    public void write(OutputStream out) throws IOException {
        SafeTensorsWriter writer = new SafeTensorsWriter();
        for (ShiraLayer layer : layers) {
            add(layer, writer);
        }
        TunedWeights tuned = new TunedWeights(base, index, values);
        ParameterLayout layout = base.layout();
        for (int t : layout.indicesOf(TensorRole.HEAD)) {
            TensorSpec spec = layout.tensor(t);
            writer.add(PREFIX + spec.name(), spec.shape(), tuned.tensor(t));
        }
        writer.write(out);
    }

    private void add(ShiraLayer layer, SafeTensorsWriter writer) {
        float[] original = base.tensor(layer.tensor());
        int[] tuned = index.isFull(layer.tensor())
                ? IntStream.range(0, layer.tuned()).toArray()
                : index.indices(layer.tensor());
        int first = index.offset(layer.tensor());
        int columns = layer.spec().columns();
        int places = Math.toIntExact(layer.positions(rank));
        float[] differences = new float[places];
        int[] positions = new int[2 * places];
        int spare = places - tuned.length;
        int next = 0;
        int place = 0;
        for (int position = 0; place < places; position++) {
            boolean isTuned = next < tuned.length && tuned[next] == position;
            if (!isTuned && spare == 0) {
                continue;
            }
            if (isTuned) {
                differences[place] = values[first + next++] - original[position];
            } else {
                spare--;
            }
            positions[place] = position / columns;
            positions[places + place] = position % columns;
            place++;
        }
        String name = PREFIX + layer.module();
        writer.add(name + ".shira_weight", new int[] {places}, differences);
        writer.add(name + ".shira_indices", new int[] {2, places}, positions);
    }
}
