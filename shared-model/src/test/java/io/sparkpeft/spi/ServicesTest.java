package io.sparkpeft.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkpeft.optim.Optimizer;
import org.junit.jupiter.api.Test;

class ServicesTest {
    @Test
    void findsByName() {
        assertThat(Services.find(Optimizer.class, "optimiser", "adamw").name()).isEqualTo("adamw");
    }

    @Test
    void namesWhatThereIsWhereNothingFits() {
        assertThatThrownBy(() -> Services.find(Optimizer.class, "optimiser", "adamwx"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Invalid optimiser: adamwx (there are: adagrad, adam, adamax, adamw, nadam, nesterov, rmsprop, sgd)");
    }
}
