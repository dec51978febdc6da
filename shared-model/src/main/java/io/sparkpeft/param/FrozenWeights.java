package io.sparkpeft.param;

/** In what precision the matrices of linear layers start, and how those that are not tuned are held in memory. */
public enum FrozenWeights {
    /** As the checkpoint gives them, in 4 bytes. */
    FLOAT32,
    /** Rounded when they are loaded, in 2 bytes; what is tuned of them is a float from then on. */
    BF16
}
