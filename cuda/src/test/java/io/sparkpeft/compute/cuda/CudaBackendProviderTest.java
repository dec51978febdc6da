package io.sparkpeft.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sparkpeft.compute.BackendProvider;
import io.sparkpeft.compute.UnusableDeviceException;
import io.sparkpeft.compute.argument.Precision;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CudaBackendProviderTest {
    private final BackendProvider provider = BackendProvider.named("cuda");

    @Test
    void itKnowsAllPrecisionsAndTheProcessorOne() {
        assertThat(provider.precisions()).containsExactlyInAnyOrder(Precision.values());
        assertThatThrownBy(() -> BackendProvider.named("cpu").create(Optional.empty(), Precision.TF32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot compute in TF32: the backend cpu knows [FLOAT32]");
    }

    /** The sentence of a machine like the one that builds this. */
    @Test
    void withoutADriverASentenceNamesWhatIsMissing() {
        assumeTrue(provider.missing().isPresent(), "there is a GPU here");
        assertThat(provider.missing().orElseThrow())
                .matches("Cannot .*(lib\\w+\\.so\\.\\d+ of .* is not found|CUDA driver).*");
        assertThatThrownBy(provider::create)
                .isInstanceOf(UnusableDeviceException.class)
                .hasMessage(provider.missing().orElseThrow());
    }
}
