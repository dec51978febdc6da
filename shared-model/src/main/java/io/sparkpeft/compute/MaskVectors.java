package io.sparkpeft.compute;

import io.sparkpeft.compute.argument.AdamFactors;
import io.sparkpeft.compute.argument.Entries;
import java.util.Optional;

/**
 * The vectors of a mask in the memory of a {@link Backend}, and what is done with them: arrays of ordinary memory for
 * processors ({@link HeapVectors}), memory of the device for a GPU, so that only what {@link #array} is asked for comes
 * back. Serves the backend's thread.
 */
public interface MaskVectors {
    /** Adam's update, done where the vectors are. */
    interface AdamKernel {
        /** Updates values and moments in place. */
        void step(AdamFactors factors, MaskVector values, MaskVector gradient, MaskVector first, MaskVector second);
    }

    /** A new vector of zeros. */
    MaskVector allocate(int size);

    /** A new vector with these values. */
    MaskVector copyOf(float[] values);

    /** A vector with these values that is only read; where vectors are arrays, the array itself. */
    MaskVector view(float[] values);

    /** Gives the memory back, where it is no array. */
    void free(MaskVector vector);

    /** The values: the array itself where vectors are arrays, else a copy. */
    float[] array(MaskVector source);

    /** Replaces all values; nothing is done where that is the array itself. */
    void write(float[] values, MaskVector target);

    /** Copies {@code target.size()} values from {@code from} on. */
    void copy(MaskVector source, int from, MaskVector target);

    /** Sets a part to 0. */
    void clear(MaskVector target, int from, int count);

    /** Multiplies all values. */
    void scale(float factor, MaskVector target);

    /** √(Σ values²), summed in double; as {@link Backend#norm}. */
    double norm(MaskVector values);

    /** Copies all entries of a tensor, row-major, to the places from {@code offset} on. */
    void set(Tensor source, MaskVector target, int offset);

    /** As {@link Backend#addAll}. */
    void addAll(Tensor source, MaskVector target, int offset);

    /** As {@link Backend#addGathered}; the indices are never changed. */
    void addGathered(Tensor source, int[] indices, MaskVector target, int offset);

    /** As {@link Backend#addSampledProduct}; the entries are never changed. */
    void addSampledProduct(Tensor left, Tensor right, Entries entries, MaskVector target, int offset);

    /**
     * Adds some rows of a matrix whose entries all have places, row-major, from {@code offset} on.
     *
     * @param ids row of the matrix of every row of the source, distinct
     */
    void addRows(Tensor source, int[] ids, MaskVector target, int offset);

    /**
     * Adds the chosen entries of some rows of a matrix, whose places are from {@code offset} on.
     *
     * @param ids row of the matrix of every row of the source, distinct
     * @param entries the chosen ones of the whole matrix
     */
    void addRows(Tensor source, int[] ids, Entries entries, MaskVector target, int offset);

    /** Copies the values from {@code offset} on to all entries of a tensor, row-major. */
    void store(MaskVector values, int offset, Tensor target);

    /** As {@link Backend#scatter}; the indices are never changed. */
    void scatter(MaskVector values, int offset, int[] indices, Tensor target);

    /** Adam's update where the backend has a kernel for it. */
    Optional<AdamKernel> adam();
}
