package io.sparkpeft.report.html;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparkpeft.console.Amounts;
import java.time.Duration;
import java.util.Locale;

/** Numbers of JSON files as the page shows them; what is not there is shown as a dash. */
public final class Figures {
    public static final String NONE = "–";

    private Figures() {}

    /** Four digits after the point. */
    public static String decimal(JsonNode value) {
        return value.isNumber() ? Amounts.decimal(value.asDouble()) : NONE;
    }

    /** Four digits after the point, with the sign. */
    public static String difference(JsonNode value) {
        return value.isNumber() ? Amounts.difference(value.asDouble()) : NONE;
    }

    /** A share of 1 in percent. */
    public static String share(JsonNode value) {
        return value.isNumber() ? Amounts.share(value.asDouble()) : NONE;
    }

    /** 1,234,567. */
    public static String whole(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%,d", value.asLong()) : NONE;
    }

    public static String bytes(JsonNode value) {
        return value.isNumber() ? Amounts.bytes(value.asLong()) : NONE;
    }

    public static String time(JsonNode seconds) {
        return seconds.isNumber() ? time(seconds.asDouble()) : NONE;
    }

    public static String time(double seconds) {
        return Amounts.time(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** How often one number is in another: 48 or 3.2. */
    public static String times(double more, double less) {
        double ratio = more / less;
        return String.format(Locale.ROOT, ratio < 10 ? "%.1f" : "%,.0f", ratio);
    }
}
