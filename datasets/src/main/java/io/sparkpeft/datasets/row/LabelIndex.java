package io.sparkpeft.datasets.row;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The classes of a task in order, by the labels as they are written. */
public final class LabelIndex implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String NUMBER = "[+-]?\\d{1,18}(\\.\\d{1,18})?";

    private final List<String> names;
    private final Map<String, Integer> index = new HashMap<>();

    public LabelIndex(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            index.put(names.get(i), i);
        }
    }

    /** Sorted: by value if all are numbers, else by code point. */
    public static LabelIndex sorted(Collection<String> labels) {
        Comparator<String> order = labels.stream().allMatch(label -> label.matches(NUMBER))
                ? Comparator.<String, BigDecimal>comparing(BigDecimal::new).thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder();
        return new LabelIndex(labels.stream().distinct().sorted(order).toList());
    }

    public List<String> names() {
        return names;
    }

    /** Whether the label names a class, or there is none to name. */
    public boolean knows(String label) {
        return label.isEmpty() || index.containsKey(label);
    }

    /** The class of a label; −1 for no label. */
    public int of(String label) {
        return label.isEmpty() ? -1 : index.get(label);
    }
}
