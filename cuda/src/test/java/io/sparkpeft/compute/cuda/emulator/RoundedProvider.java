package io.sparkpeft.compute.cuda.emulator;

import io.sparkpeft.compute.Backend;
import io.sparkpeft.compute.argument.Precision;
import java.util.Locale;
import java.util.Optional;

/** The cuda backend on an {@link EmulatedDevice}, in a precision of its name's. */
public abstract class RoundedProvider extends EmulatedProvider {
    private final Precision precision;

    private RoundedProvider(Precision precision) {
        this.precision = precision;
    }

    /** How the backend of a precision is called. */
    public static String name(Precision precision) {
        return NAME + "-" + precision.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String name() {
        return name(precision);
    }

    @Override
    public Backend create() {
        return create(Optional.empty(), precision);
    }

    /** In tf32. */
    public static final class Tf32 extends RoundedProvider {
        public Tf32() {
            super(Precision.TF32);
        }
    }

    /** In bf16. */
    public static final class Bf16 extends RoundedProvider {
        public Bf16() {
            super(Precision.BF16);
        }
    }
}
