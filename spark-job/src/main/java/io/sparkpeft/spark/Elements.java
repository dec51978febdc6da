package io.sparkpeft.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * All elements of an RDD, in order, as {@link JavaRDD#collect} gives them. That is a closure of Spark's, for which the
 * driver reads the class files of RDD and SparkContext in every job: a sixth of an empty round. This is none.
 */
final class Elements<T> extends AbstractFunction2<TaskContext, Iterator<T>, Object[]> implements Serializable {
    private static final long serialVersionUID = 1;
    private static final ClassTag<Object[]> ARRAY = ClassTag$.MODULE$.apply(Object[].class);

    private Elements() {}

    static <T> List<T> of(JavaRDD<T> elements) {
        RDD<T> rdd = elements.rdd();
        Object[][] partitions = (Object[][]) rdd.sparkContext().runJob(rdd, new Elements<>(), ARRAY);
        List<T> all = new ArrayList<>();
        for (Object[] partition : partitions) {
            for (Object element : partition) {
                @SuppressWarnings("unchecked")
                T known = (T) element;
                all.add(known);
            }
        }
        return all;
    }

    @Override
    public Object[] apply(TaskContext context, Iterator<T> partition) {
        List<T> elements = new ArrayList<>();
        while (partition.hasNext()) {
            elements.add(partition.next());
        }
        return elements.toArray();
    }
}
