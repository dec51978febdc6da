package io.sparkpeft.dl4j.network;

import io.sparkpeft.param.ParameterLayout;
import io.sparkpeft.param.ParameterMask;
import io.sparkpeft.param.TensorKind;
import io.sparkpeft.param.TensorRole;
import io.sparkpeft.param.TensorSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.roaringbitmap.RoaringBitmap;

/**
 * The tensors of a network in the order of its flat vector, so that a weight's flat index in the layout is its index
 * there. Rows and columns are those of the memory: DL4J keeps a dense matrix [inputs, outputs] column by column, which
 * is [outputs, inputs] row by row. Names are DL4J's: {@code 0_W}, {@code conv_b}.
 *
 * @param layout the tensors; statistics and frozen layers are {@link TensorRole#FROZEN}, chosen heads HEAD
 * @param entries what else is known of each tensor
 */
public record NetworkLayout(ParameterLayout layout, List<Entry> entries) {
    /**
     * What DL4J knows of a tensor.
     *
     * @param part it belongs to
     * @param key name within the part
     * @param offset in the flat vector
     * @param statistic whether it is a running statistic, which DL4J changes by the step's result and no learning rate
     */
    record Entry(Part part, String key, long offset, boolean statistic) {
        /** L1 and L2 terms of the loss. */
        List<Regularization> regularizations() {
            List<Regularization> all = part.trainable().getConfig().getRegularizationByParam(key);
            return all == null ? List.of() : all;
        }
    }

    /**
     * @param heads names of the layers that are always tuned and never pruned
     * @throws IllegalArgumentException if there is no such layer
     */
    public static NetworkLayout of(Network network, List<String> heads) {
        List<Entry> entries = new ArrayList<>();
        Set<String> known = new HashSet<>();
        long start = network.parameters().offset();
        for (Part part : network.parts()) {
            known.add(part.name());
            for (Map.Entry<String, INDArray> tensor :
                    part.trainable().paramTable(false).entrySet()) {
                boolean statistic = !part.isFrozen() && !part.trainable().updaterDivideByMinibatch(tensor.getKey());
                entries.add(new Entry(part, tensor.getKey(), tensor.getValue().offset() - start, statistic));
            }
        }
        for (String head : heads) {
            if (!known.contains(head)) {
                throw new IllegalArgumentException(
                        "Invalid head: %s (layers with weights: %s)".formatted(head, String.join(", ", known)));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::offset));
        ParameterLayout layout =
                new ParameterLayout(entries.stream().map(e -> spec(e, heads)).toList());
        return new NetworkLayout(layout, List.copyOf(entries))
                .checked(network.parameters().length());
    }

    private static TensorSpec spec(Entry entry, List<String> heads) {
        INDArray view = entry.part().trainable().paramTable(false).get(entry.key());
        TensorRole role = entry.statistic() || entry.part().isFrozen()
                ? TensorRole.FROZEN
                : heads.contains(entry.part().name()) ? TensorRole.HEAD : TensorRole.BODY;
        String name = entry.part().name() + "_" + entry.key();
        int size = Math.toIntExact(view.length());
        if (!entry.part().isWeight(entry.key(), view)) {
            return new TensorSpec(name, 1, size, TensorKind.VECTOR, role);
        }
        int rows = Math.toIntExact(view.ordering() == 'f' ? view.size(view.rank() - 1) : view.size(0));
        return new TensorSpec(name, rows, size / rows, TensorKind.LINEAR, role);
    }

    private NetworkLayout checked(long length) {
        for (int t = 0; t < entries.size(); t++) {
            if (entries.get(t).offset() != layout.offset(t)) {
                throw new IllegalArgumentException(
                        "Cannot read the network: tensor %s is at %d of its flat vector, not %d"
                                .formatted(
                                        layout.tensor(t).name(), entries.get(t).offset(), layout.offset(t)));
            }
        }
        if (layout.size() != length) {
            throw new IllegalArgumentException(
                    "Cannot read the network: its tensors have %d weights, its flat vector %d"
                            .formatted(layout.size(), length));
        }
        return this;
    }

    /** The running statistics. */
    public ParameterMask statistics() {
        RoaringBitmap[] tensors = new RoaringBitmap[layout.count()];
        for (int t = 0; t < tensors.length; t++) {
            tensors[t] = new RoaringBitmap();
            if (entries.get(t).statistic()) {
                tensors[t].add(0L, layout.tensor(t).size());
            }
        }
        return new ParameterMask(layout, tensors);
    }

    /** Whether a tensor is tuned or may be. */
    boolean isTrained(int tensor) {
        return layout.tensor(tensor).role() != TensorRole.FROZEN;
    }
}
