package io.sparkpeft.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkpeft.energy.host.Counter;
import io.sparkpeft.energy.host.Reading;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnergyLedgerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long RANGE = 262_143_000_000L;
    private static final Place BEGIN = new Place("", "other");
    private static final Place TRAIN = new Place("masked", "train");

    private final EnergyLedger ledger = new EnergyLedger(BEGIN, 0);

    @Test
    void sharesARiseOutByTheTimeThatEachPartWasOn() {
        ledger.accept("driver", reading("a", 0, 0), 0);
        ledger.turn(TRAIN, SECOND);
        ledger.accept("driver", reading("a", 4, 40_000_000), 4 * SECOND);
        assertThat(joules(BEGIN)).isCloseTo(10, within(1e-9));
        assertThat(joules(TRAIN)).isCloseTo(30, within(1e-9));
    }

    @Test
    void aCounterThatStartsAgainFromZeroStillRises() {
        ledger.accept("driver", reading("a", 0, RANGE - 5_000_000), 0);
        ledger.accept("driver", reading("a", 1, 7_000_000), SECOND);
        assertThat(joules(BEGIN)).isCloseTo(12, within(1e-9));
    }

    @Test
    void aHostCountsOnceHoweverManyProcessesReadIt() {
        ledger.accept("driver", reading("a", 0, 0), 0);
        ledger.accept("1", reading("a", 1, 10_000_000), SECOND);
        ledger.accept("2", reading("a", 2, 20_000_000), 2 * SECOND);
        ledger.accept("driver", reading("a", 3, 30_000_000), 3 * SECOND);
        assertThat(joules(BEGIN)).isCloseTo(30, within(1e-9));
        ledger.accept("3", reading("b", 3, 900_000_000), 3 * SECOND);
        ledger.accept("3", reading("b", 4, 905_000_000), 4 * SECOND);
        assertThat(joules(BEGIN)).isCloseTo(35, within(1e-9));
    }

    @Test
    void aReadingThatComesLateCountsForNothing() {
        ledger.accept("driver", reading("a", 0, 0), 0);
        ledger.accept("driver", reading("a", 2, 20_000_000), 2 * SECOND);
        ledger.accept("1", reading("a", 1, 10_000_000), 3 * SECOND);
        ledger.accept("driver", reading("a", 4, 40_000_000), 4 * SECOND);
        assertThat(joules(BEGIN)).isCloseTo(40, within(1e-9));
    }

    @Test
    void aSilenceInWhichACounterMayHaveStartedAgainIsLeftOut() {
        ledger.accept("driver", reading("a", 0, 0), 0);
        ledger.accept("driver", reading("a", 300, 1_000_000), 300 * SECOND);
        assertThat(ledger.joules()).isEmpty();
        ledger.accept("driver", reading("a", 301, 3_000_000), 301 * SECOND);
        assertThat(joules(BEGIN)).isCloseTo(2, within(1e-9));
    }

    @Test
    void saysWhyNotAllHostsWereMeasured() {
        ledger.accept("driver", reading("a", 0, 0), 0);
        assertThat(ledger.gap(Set.of("driver"))).isEmpty();
        assertThat(ledger.gap(Set.of("driver", "7"))).isEqualTo("executor 7 told nothing");
        ledger.accept("7", new Reading("b", "worker-b", 0, List.of(), "there is no counter"), 0);
        assertThat(ledger.gap(Set.of("driver", "7"))).isEqualTo("worker-b: there is no counter");
        ledger.accept("8", reading("b", 1, 5), SECOND);
        assertThat(ledger.gap(Set.of("driver", "7", "8"))).isEmpty();
        assertThat(new EnergyLedger(BEGIN, 0).gap(Set.of("driver"))).contains("spark.plugins");
    }

    private double joules(Place place) {
        return ledger.joules().get(place).get("package");
    }

    private static Reading reading(String host, long second, long microjoules) {
        Counter counter = new Counter("package-0", "package", microjoules, RANGE);
        return new Reading(host, "worker-" + host, second * SECOND, List.of(counter), "");
    }
}
