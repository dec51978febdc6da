package io.sparkpeft.mask.threshold;

import java.io.Serializable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The weights chosen in one slice.
 *
 * @param tensor index of the tensor
 * @param indices in the tensor
 */
public record SelectedSlice(int tensor, RoaringBitmap indices) implements Serializable {}
