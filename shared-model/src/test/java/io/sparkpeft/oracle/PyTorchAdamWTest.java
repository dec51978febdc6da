package io.sparkpeft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.model.TokenBatch;
import io.sparkpeft.model.checkpoint.PretrainedModel;
import io.sparkpeft.model.transformer.TransformerModel;
import io.sparkpeft.optim.OptimizerState;
import io.sparkpeft.optim.schedule.LearningRate;
import io.sparkpeft.param.MaskIndex;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.train.LocalTrainer;
import io.sparkpeft.train.LocalUpdate;
import io.sparkpeft.train.RoundInput;
import io.sparkpeft.train.TrainSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten AdamW steps with weight decay on all tensors that the loss reaches follow {@code torch.optim.AdamW}. */
class PyTorchAdamWTest {
    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (BackendProvider backend : ServiceLoader.load(BackendProvider.class)) {
            PyTorchFixture.all().forEach(fixture -> cases.add(Arguments.of(backend.name(), fixture)));
        }
        return cases;
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("cases")
    void lossesFollow(String backendName, PyTorchFixture fixture) throws IOException {
        PretrainedModel pretrained = fixture.load();
        double[] expected = fixture.adamWLosses();
        try (Backend backend = BackendProvider.create(backendName);
                TransformerModel model =
                        new TransformerModel(pretrained.definition(), backend, pretrained.parameters())) {
            MaskIndex index = new MaskIndex(ParameterMask.all(model.layout(), TensorRole.BODY, TensorRole.HEAD));
            TrainSettings settings = new TrainSettings(
                    LearningRate.of("constant", fixture.learningRate(), expected.length), fixture.adamW(), 0);
            LocalTrainer<TokenBatch> trainer = new LocalTrainer<>(model, index, settings);
            float[] values = index.gather(pretrained.parameters());
            OptimizerState moments = OptimizerState.none();
            for (int step = 0; step < expected.length; step++) {
                RoundInput input = new RoundInput(values, moments, step, 1, true);
                LocalUpdate update = trainer.train(input, s -> List.of(fixture.batch()));
                assertThat(update.tally().meanLoss())
                        .as("loss before step %d", step)
                        .isCloseTo(expected[step], within(1e-4 * Math.max(1, expected[step])));
                values = update.values();
                moments = update.moments();
            }
        }
    }
}
