package io.sparkpeft.param;

/** What a run may do with a tensor. */
public enum TensorRole {
    /** Pre-trained weights that the task's loss reaches: masks choose among these. */
    BODY,
    /** The task head: always tuned, never pruned, reported apart. */
    HEAD,
    /** Weights that the task's loss does not reach, such as a masked-LM head beside a classifier: never changed. */
    FROZEN
}
