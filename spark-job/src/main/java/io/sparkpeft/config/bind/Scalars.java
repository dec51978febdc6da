package io.sparkpeft.config.bind;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sparkpeft.failure.JobException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Reads single values and lists of a recipe. Text that reads as a number or a boolean is one, as in HOCON. */
final class Scalars {
    private Scalars() {}

    static Object read(RecordComponent component, String key, ConfigValue value) {
        Class<?> type = component.getType();
        Range range = component.getAnnotation(Range.class);
        if (type == OptionalDouble.class) {
            return value.valueType() == ConfigValueType.NULL
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(number(key, value, range));
        }
        if (type == List.class) {
            Class<?> element = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
            return list(key, value, element);
        }
        if (type == double.class) {
            return number(key, value, range);
        }
        if (type == int.class) {
            return Math.toIntExact(whole(key, value, range, Integer.MAX_VALUE));
        }
        if (type == long.class) {
            return whole(key, value, range, Long.MAX_VALUE);
        }
        return scalar(type, key, value);
    }

    static JobException invalid(String key, ConfigValue value, String what) {
        return JobException.config("Invalid %s: %s %s%s".formatted(key, shown(value), what, Places.place(value)));
    }

    private static Object scalar(Class<?> type, String key, ConfigValue value) {
        if (type == boolean.class) {
            return switch (text(value).toLowerCase(Locale.ROOT)) {
                case "true", "yes", "on" -> true;
                case "false", "no", "off" -> false;
                default -> throw invalid(key, value, "is neither true nor false");
            };
        }
        if (type.isEnum()) {
            String word = FormerWords.now(key, text(value));
            for (Object constant : type.getEnumConstants()) {
                if (Names.value((Enum<?>) constant).equals(word)) {
                    return constant;
                }
            }
            throw invalid(key, value, "is none of " + Names.values(type));
        }
        if (type == String.class) {
            if (!isScalar(value)) {
                throw invalid(key, value, "is not text");
            }
            return text(value);
        }
        throw new AssertionError("No recipe key has the type " + type);
    }

    private static List<?> list(String key, ConfigValue value, Class<?> element) {
        if (!(value instanceof ConfigList items)) {
            throw invalid(key, value, "is not a list [ … ]");
        }
        return items.stream().map(item -> scalar(element, key, item)).toList();
    }

    private static double number(String key, ConfigValue value, Range range) {
        double number;
        try {
            number = Double.parseDouble(isScalar(value) ? text(value) : "");
        } catch (NumberFormatException e) {
            throw invalid(key, value, "is not a number");
        }
        if (!Double.isFinite(number)) {
            throw invalid(key, value, "is not a finite number");
        }
        requireRange(key, value, range, number);
        return number;
    }

    private static long whole(String key, ConfigValue value, Range range, long largest) {
        double number = number(key, value, range);
        if (number != Math.rint(number)) {
            throw invalid(key, value, "is not a whole number");
        }
        if (Math.abs(number) > largest) {
            throw invalid(key, value, "is beyond " + largest);
        }
        // A double holds whole numbers up to 2^53 only: longer ones are read digit by digit.
        String text = text(value);
        return text.matches("[+-]?\\d{1,18}") ? Long.parseLong(text) : (long) number;
    }

    private static void requireRange(String key, ConfigValue value, Range range, double number) {
        if (range == null) {
            return;
        }
        boolean low = number < range.min() || (number == range.min() && !range.minAllowed());
        boolean high = number > range.max() || (number == range.max() && !range.maxAllowed());
        if (low || high) {
            throw invalid(key, value, "is out of range: it must be " + shown(range));
        }
    }

    private static String shown(Range range) {
        String least = (range.minAllowed() ? "at least " : "more than ") + plain(range.min());
        String most = (range.maxAllowed() ? "at most " : "less than ") + plain(range.max());
        if (Double.isInfinite(range.max())) {
            return least;
        }
        return Double.isInfinite(range.min()) ? most : least + " and " + most;
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    private static boolean isScalar(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING
                || value.valueType() == ConfigValueType.NUMBER
                || value.valueType() == ConfigValueType.BOOLEAN;
    }

    private static String text(ConfigValue value) {
        return String.valueOf(value.unwrapped());
    }

    private static String shown(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING -> "\"" + value.unwrapped() + "\"";
            case OBJECT -> "{ … }";
            case LIST -> "[ … ]";
            default -> String.valueOf(value.unwrapped());
        };
    }
}
