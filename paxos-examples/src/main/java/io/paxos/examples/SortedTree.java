package io.paxos.examples.kv;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map sorted by key that never changes: each change makes another one, which shares with it all but the path to the
 * key. So a snapshot of a store of any size is taken by keeping a reference, and writing it in the order of the keys
 * disturbs nobody. It is a height-balanced tree (Adelson-Velsky and Landis, 1962): a change costs about 1.44 log n nodes
 * at worst, whatever the keys are.
 *
 * @param <V> the values
 */
final class SortedTree<V> implements Iterable<Map.Entry<String, V>> {

    private record Node<V>(
            String key,
            V value,
            @Nullable Node<V> left,
            @Nullable Node<V> right,
            int height) {}

    private final @Nullable Node<V> root;
    private final int size;

    private SortedTree(@Nullable Node<V> root, int size) {
        this.root = root;
        this.size = size;
    }

    static <V> SortedTree<V> empty() {
        return new SortedTree<>(null, 0);
    }

    int size() {
        return size;
    }

    /** The value of a key, or null. */
    @Nullable
    V get(String key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key());
            if (order == 0) {
                return node.value();
            }
            node = order < 0 ? node.left() : node.right();
        }
        return null;
    }

    /** With a key that has this value. */
    SortedTree<V> with(String key, V value) {
        return new SortedTree<>(with(root, key, value), get(key) == null ? size + 1 : size);
    }

    /** Without a key. */
    SortedTree<V> without(String key) {
        return get(key) == null ? this : new SortedTree<>(without(root, key), size - 1);
    }

    /** All entries, in the order of the keys. */
    @Override
    public Iterator<Map.Entry<String, V>> iterator() {
        return new InOrder<>(root);
    }

    /** Holds the nodes that are still to be visited and whose left side has been. */
    private static final class InOrder<V> implements Iterator<Map.Entry<String, V>> {
        private final Deque<Node<V>> path = new ArrayDeque<>();

        InOrder(@Nullable Node<V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<V> node) {
            for (Node<V> next = node; next != null; next = next.left()) {
                path.push(next);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Map.Entry<String, V> next() {
            Node<V> node = path.pop();
            descend(node.right());
            return Map.entry(node.key(), node.value());
        }
    }

    private static <V> Node<V> with(@Nullable Node<V> node, String key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null, 1);
        }
        int order = key.compareTo(node.key());
        if (order < 0) {
            return balanced(node, with(node.left(), key, value), node.right());
        }
        if (order > 0) {
            return balanced(node, node.left(), with(node.right(), key, value));
        }
        return new Node<>(key, value, node.left(), node.right(), node.height());
    }

    private static <V> @Nullable Node<V> without(@Nullable Node<V> node, String key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key());
        if (order < 0) {
            return balanced(node, without(node.left(), key), node.right());
        }
        if (order > 0) {
            return balanced(node, node.left(), without(node.right(), key));
        }
        if (node.left() == null || node.right() == null) {
            return node.left() == null ? node.right() : node.left();
        }
        Node<V> next = first(node.right());
        return balanced(next, node.left(), without(node.right(), next.key()));
    }

    private static <V> Node<V> first(Node<V> node) {
        Node<V> first = node;
        while (first.left() != null) {
            first = first.left();
        }
        return first;
    }

    /** The entry of a node over two trees whose heights differ by at most two. */
    private static <V> Node<V> balanced(Node<V> entry, @Nullable Node<V> left, @Nullable Node<V> right) {
        if (left != null && height(left) > height(right) + 1) {
            Node<V> inner = left.right();
            return inner == null || height(left.left()) >= height(inner)
                    ? over(left, left.left(), over(entry, inner, right))
                    : over(inner, over(left, left.left(), inner.left()), over(entry, inner.right(), right));
        }
        if (right != null && height(right) > height(left) + 1) {
            Node<V> inner = right.left();
            return inner == null || height(right.right()) >= height(inner)
                    ? over(right, over(entry, left, inner), right.right())
                    : over(inner, over(entry, left, inner.left()), over(right, inner.right(), right.right()));
        }
        return over(entry, left, right);
    }

    private static <V> Node<V> over(Node<V> entry, @Nullable Node<V> left, @Nullable Node<V> right) {
        return new Node<>(entry.key(), entry.value(), left, right, 1 + Math.max(height(left), height(right)));
    }

    private static int height(@Nullable Node<?> node) {
        return node == null ? 0 : node.height();
    }

    /** How many nodes lie on the longest path from the root; for tests. */
    int height() {
        return height(root);
    }
}
