package io.sparkpeft.compute.nd4j.cuda;

/**
 * A device's compute capability, as NVIDIA counts them: 8.6 is newer than 7.5.
 *
 * @param major generation
 * @param minor variant of it
 */
public record Capability(int major, int minor) implements Comparable<Capability> {
    /**
     * Reads what {@link #toString} gives.
     *
     * @throws IllegalArgumentException if it is no such number
     */
    static Capability parse(String text) {
        String[] parts = text.strip().split("\\.", -1);
        try {
            if (parts.length == 2) {
                return new Capability(Integer.parseUnsignedInt(parts[0]), Integer.parseUnsignedInt(parts[1]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Invalid compute capability: " + text, e);
        }
        throw new IllegalArgumentException("Invalid compute capability: " + text);
    }

    @Override
    public int compareTo(Capability other) {
        return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
