package io.sparkpeft.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Console console(boolean terminal) {
        return new Console(new PrintStream(out, true, StandardCharsets.UTF_8), terminal);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showsABarOnATerminalOnly() {
        Console plain = console(false);
        plain.progress("tokenising", 1, 2);
        plain.line("done");
        assertThat(printed()).isEqualTo("done\n");
        out.reset();

        Console terminal = console(true);
        terminal.progress("tokenising", 1, 2);
        terminal.line("done");
        assertThat(printed())
                .isEqualTo("\r\u001b[K[" + "#".repeat(15) + ".".repeat(15) + "] 1/2 tokenising\r\u001b[Kdone\n");
    }

    @Test
    void writesARoundInOneLine() {
        assertThat(new RoundLine("masked", 7, 120, 1.23456, 2e-3, 12345, 81234, 1_500_000, Duration.ofSeconds(63))
                        .text())
                .isEqualTo("masked round   7/120  loss 1.2346  rate 2.00e-03  12.3k tokens/s  out 81.2 kB  in 1.5 MB  "
                        + "left 1:03");
    }

    @Test
    void alignsTheComparisonAndLeavesOutEmptyColumns() {
        Comparison comparison = new Comparison("accuracy")
                .add(new Comparison.Entry(
                        "before",
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        OptionalDouble.of(3.5),
                        OptionalDouble.empty(),
                        OptionalDouble.of(0),
                        OptionalDouble.empty(),
                        OptionalLong.of(2_600_000),
                        Optional.empty(),
                        ""))
                .add(new Comparison.Entry(
                        "tuned",
                        OptionalDouble.of(0.7125),
                        OptionalDouble.empty(),
                        OptionalDouble.of(3.73),
                        OptionalDouble.of(0.23),
                        OptionalDouble.of(0.3),
                        OptionalDouble.of(0.0234),
                        OptionalLong.of(52_000),
                        Optional.of(Duration.ofMillis(4210)),
                        "~51 J"));

        assertThat(comparison.table().text()).isEqualTo("""
                        accuracy dev  general CE      ΔCE  sparsity  density     size   time  energy
                ------------------------------------------------------------------------------------
                before        0.5000      3.5000                0 %            2.6 MB
                tuned         0.7125      3.7300  +0.2300      30 %   2.34 %  52.0 kB  4.2 s   ~51 J""");
    }

    @Test
    void refusesARowOfAnotherWidth() {
        assertThatThrownBy(() -> new TextTable("a", "b").row("c")).hasMessage("Invalid row: 1 cells for 2 columns");
    }

    @Test
    void writesAmountsAsPeopleReadThem() {
        assertThat(Amounts.bytes(999)).isEqualTo("999 B");
        assertThat(Amounts.bytes(999_999)).isEqualTo("1.0 MB");
        assertThat(Amounts.joules(1_234)).isEqualTo("1.2 kJ");
        assertThat(Amounts.count(656_000)).isEqualTo("656.0k");
        assertThat(Amounts.time(Duration.ofSeconds(3723))).isEqualTo("1:02:03");
        assertThat(Amounts.time(Duration.ofMillis(59_700))).isEqualTo("1:00");
        assertThat(Amounts.share(0.3)).isEqualTo("30 %");
        assertThat(Amounts.share(0.0005)).isEqualTo("0.05 %");
        assertThat(Amounts.difference(-0.01)).isEqualTo("-0.0100");
    }
}
