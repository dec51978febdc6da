package io.sparkpeft.datasets.shard;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The columns of a shard: what Spark reads as ordinal long, tokens array, typeIds array, label int. */
final class ShardSchema {
    static final String ORDINAL = "ordinal";
    static final String TOKENS = "tokens";
    static final String TYPE_IDS = "typeIds";
    static final String LABEL = "label";
    static final String LIST = "list";
    static final String ELEMENT = "element";

    static final MessageType TYPE = Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .named(ORDINAL)
            .addField(integers(TOKENS))
            .addField(integers(TYPE_IDS))
            .required(PrimitiveTypeName.INT32)
            .named(LABEL)
            .named("example");

    private ShardSchema() {}

    private static org.apache.parquet.schema.Type integers(String name) {
        return Types.requiredGroup()
                .as(LogicalTypeAnnotation.listType())
                .repeatedGroup()
                .required(PrimitiveTypeName.INT32)
                .named(ELEMENT)
                .named(LIST)
                .named(name);
    }
}
