package io.sparkpeft.model.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparkpeft.model.Objective;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.Parameters;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

class ShiraAdapterTest {
    private static final ParameterLayout LAYOUT = new ParameterLayout(List.of(
            new TensorSpec("embeddings.weight", 20, 8, TensorKind.EMBEDDING, TensorRole.BODY),
            new TensorSpec("layer.query.weight", 8, 8, TensorKind.LINEAR, TensorRole.BODY),
            new TensorSpec("layer.query.bias", 1, 8, TensorKind.VECTOR, TensorRole.BODY),
            new TensorSpec("layer.output.weight", 16, 8, TensorKind.LINEAR, TensorRole.BODY),
            new TensorSpec("classifier.weight", 2, 8, TensorKind.LINEAR, TensorRole.HEAD),
            new TensorSpec("classifier.bias", 1, 2, TensorKind.VECTOR, TensorRole.HEAD),
            new TensorSpec("cls.bias", 1, 20, TensorKind.VECTOR, TensorRole.FROZEN)));

    @TempDir
    private Path directory;

    private static Parameters base() {
        SplittableRandom random = new SplittableRandom(3);
        Parameters base = Parameters.zeros(LAYOUT);
        for (int t = 0; t < LAYOUT.count(); t++) {
            for (int i = 0; i < base.tensor(t).length; i++) {
                base.tensor(t)[i] = (float) random.nextDouble(-0.5, 0.5);
            }
        }
        return base;
    }

    /** The first weights of tensors, by name, and the head. */
    private static MaskIndex first(Map<String, Integer> counts) {
        RoaringBitmap[] tensors = new RoaringBitmap[LAYOUT.count()];
        for (int t = 0; t < tensors.length; t++) {
            TensorSpec spec = LAYOUT.tensor(t);
            tensors[t] = new RoaringBitmap();
            tensors[t].add(0L, spec.role() == TensorRole.HEAD ? spec.size() : counts.getOrDefault(spec.name(), 0));
        }
        return new MaskIndex(new ParameterMask(LAYOUT, tensors));
    }

    private AdapterFile written(ShiraAdapter adapter) throws IOException {
        Path file = directory.resolve("adapter_model.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            adapter.write(out);
        }
        return AdapterFile.read(file);
    }

    @Test
    void theBaseAndTheAdapterMakeTheTunedModel() throws IOException {
        Parameters base = base();
        MaskIndex index = new MaskIndex(ShiraMasks.some(LAYOUT, 0.2));
        float[] values = ShiraMasks.values(index);
        ShiraAdapter adapter = ShiraAdapter.of(base, index, values);
        AdapterFile file = written(adapter);

        Parameters expected = base.copy();
        index.scatter(values, expected);
        Parameters sum = base.copy();
        for (String module : List.of("layer.query", "layer.output")) {
            int t = LAYOUT.indexOf(module + ".weight");
            TensorSpec spec = LAYOUT.tensor(t);
            float[] differences = file.floats("base_model.model." + module + ".shira_weight");
            int[] positions = file.integers("base_model.model." + module + ".shira_indices");
            int places = adapter.rank() * (spec.rows() + spec.columns());
            assertThat(file.shape("base_model.model." + module + ".shira_indices"))
                    .containsExactly(2, places);
            assertThat(differences).hasSize(places);
            int[] flat = IntStream.range(0, places)
                    .map(i -> positions[i] * spec.columns() + positions[places + i])
                    .toArray();
            assertThat(flat).isSorted().doesNotHaveDuplicates();
            for (int i = 0; i < places; i++) {
                if (!index.mask().contains(t, flat[i])) {
                    assertThat(differences[i]).isZero();
                }
                sum.tensor(t)[flat[i]] += differences[i];
            }
            for (int i = 0; i < spec.size(); i++) {
                float exact = expected.tensor(t)[i];
                assertThat(sum.tensor(t)[i]).isCloseTo(exact, within(Math.ulp(1f) / 2));
            }
        }
        assertThat(file.names()).hasSize(6);
        for (String name : List.of("classifier.weight", "classifier.bias")) {
            assertThat(file.floats("base_model.model." + name)).isEqualTo(expected.tensor(LAYOUT.indexOf(name)));
        }
    }

    @Test
    void oneRankIsForAllLayersAndJustLargeEnough() {
        MaskIndex index = first(Map.of("layer.query.weight", 17, "layer.output.weight", 1));
        ShiraAdapter adapter = ShiraAdapter.of(base(), index, new float[index.size()]);

        assertThat(adapter.rank()).isEqualTo(2);
        assertThat(adapter.tuned()).isEqualTo(18);
        assertThat(adapter.positions()).isEqualTo(2 * 16 + 2 * 24);
    }

    @Test
    void aLayerMayBeTunedWhole() throws IOException {
        Parameters base = base();
        MaskIndex index = first(Map.of("layer.query.weight", 64));
        float[] values = ShiraMasks.values(index);
        ShiraAdapter adapter = ShiraAdapter.of(base, index, values);
        float[] differences = written(adapter).floats("base_model.model.layer.query.shira_weight");

        int t = LAYOUT.indexOf("layer.query.weight");
        for (int i = 0; i < 64; i++) {
            assertThat(differences[i]).isEqualTo(values[index.offset(t) + i] - base.tensor(t)[i]);
        }
    }

    @Test
    void theConfigurationIsWhatPeftReads() throws IOException {
        MaskIndex index = first(Map.of("layer.query.weight", 3, "layer.output.weight", 4));
        ShiraAdapter adapter = ShiraAdapter.of(base(), index, new float[index.size()]);
        JsonNode json = new ObjectMapper().readTree(adapter.config(Objective.SEQUENCE_CLASSIFICATION, "models/base"));

        assertThat(json).isEqualTo(new ObjectMapper().readTree("""
                                {"peft_type": "SHIRA", "task_type": "SEQ_CLS", "base_model_name_or_path": "models/base",
                                 "inference_mode": true, "r": 1, "mask_type": "custom", "random_seed": null,
                                 "fan_in_fan_out": false, "init_weights": true,
                                 "target_modules": ["layer.query", "layer.output"], "modules_to_save": ["classifier"]}
                                """));
        assertThat(new ObjectMapper()
                        .readTree(adapter.config(Objective.MASKED_LM, "x"))
                        .get("task_type")
                        .isNull())
                .isTrue();
    }

    @Test
    void refusesWhatTheFormatCannotHold() {
        assertThatThrownBy(() -> ShiraAdapter.of(
                        base(), first(Map.of("embeddings.weight", 5, "layer.query.bias", 1)), new float[24]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Cannot write a SHiRA adapter: it holds weights of torch.nn.Linear alone, and tuned are also"
                                + " those of embeddings.weight (5), layer.query.bias (1)");
        assertThatThrownBy(() -> ShiraAdapter.of(
                        base(), first(Map.of("layer.query.weight", 1, "layer.output.weight", 126)), new float[145]))
                .hasMessage("Cannot write a SHiRA adapter: its r is one for all layers, the 126 tuned weights of"
                        + " layer.output.weight need 6, and with that layer.query.weight would have 96 places for its 64"
                        + " weights");
        assertThatThrownBy(() -> ShiraAdapter.of(base(), first(Map.of()), new float[18]))
                .hasMessageContaining("no weight of a linear layer is tuned besides the head");
    }
}
