package io.sparkpeft.config.bind;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void countsTheFewestEdits() {
        assertThat(Names.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Names.distance("", "abc")).isEqualTo(3);
        assertThat(Names.distance("abc", "abc")).isZero();
        assertThat(Names.distance("flaw", "lawn")).isEqualTo(Names.distance("lawn", "flaw"));
    }

    @Test
    void suggestsOnlyWhatIsNear() {
        List<String> known = List.of("epochs", "steps", "learning-rate");

        assertThat(Names.nearest("epoch", known)).contains("epochs");
        assertThat(Names.nearest("lr", List.of("quarantine-share"))).isEmpty();
        assertThat(Names.nearest("learningrate", known)).contains("learning-rate");
    }

    @Test
    void writesNamesInKebabCase() {
        assertThat(Names.key("maxDeltaCe")).isEqualTo("max-delta-ce");
        assertThat(Names.key("beta1")).isEqualTo("beta1");
    }
}
