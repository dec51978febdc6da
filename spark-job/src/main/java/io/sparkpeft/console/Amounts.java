package io.sparkpeft.console;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them. */
public final class Amounts {
    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final String[] JOULE_UNITS = {"J", "kJ", "MJ", "GJ", "TJ"};
    private static final String[] COUNT_UNITS = {"", "k", "M", "G", "T"};

    private Amounts() {}

    /** 1,234,567 bytes are 1.2 MB. */
    public static String bytes(long bytes) {
        return scaled(bytes, BYTE_UNITS, " ");
    }

    /** 1,234,567 are 1.2M. */
    public static String count(double count) {
        return scaled(count, COUNT_UNITS, "");
    }

    /** 1,234 joules are 1.2 kJ. */
    public static String joules(double joules) {
        return scaled(joules, JOULE_UNITS, " ");
    }

    private static String scaled(double value, String[] units, String space) {
        int unit = 0;
        double scaled = value;
        while (Math.abs(scaled) >= 999.95 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        String pattern = unit == 0 ? "%.0f%s%s" : "%.1f%s%s";
        return String.format(Locale.ROOT, pattern, scaled, space, units[unit]);
    }

    /** 3723 seconds are 1:02:03, 63 seconds 1:03, and less than 10 seconds have a tenth: 4.2 s. */
    public static String time(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1000.0);
        if (duration.toMillis() < 9950) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** 0.0234 is 2.34 %. */
    public static String share(double share) {
        double percent = share * 100;
        BigDecimal rounded = Math.abs(percent) < 0.1
                ? new BigDecimal(percent).round(new MathContext(2))
                : new BigDecimal(percent).setScale(2, RoundingMode.HALF_UP);
        return (rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString()) + " %";
    }

    /** Four digits after the point. */
    public static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** Four digits after the point with the sign. */
    public static String difference(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }

    /** Nothing where there is no value. */
    public static String decimal(OptionalDouble value) {
        return value.isPresent() ? decimal(value.getAsDouble()) : "";
    }

    /** Nothing where there is no value. */
    public static String difference(OptionalDouble value) {
        return value.isPresent() ? difference(value.getAsDouble()) : "";
    }
}
