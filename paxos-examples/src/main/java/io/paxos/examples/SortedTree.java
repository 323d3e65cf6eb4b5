// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import java.util.ArrayDeque;
import java.util.Comparator;
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
 * @param <K> the keys
 * @param <V> the values
 */
public final class SortedTree<K, V> implements Iterable<Map.Entry<K, V>> {

    private record Node<K, V>(
            K key,
            V value,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right,
            int height) {}

    private final Comparator<? super K> order;
    private final @Nullable Node<K, V> root;
    private final int size;

    private SortedTree(Comparator<? super K> order, @Nullable Node<K, V> root, int size) {
        this.order = order;
        this.root = root;
        this.size = size;
    }

    /**
     * One without any key.
     *
     * @param order of the keys, lowest first
     * @param <K> the keys
     * @param <V> the values
     * @return the tree
     */
    public static <K, V> SortedTree<K, V> empty(Comparator<? super K> order) {
        return new SortedTree<>(order, null, 0);
    }

    /**
     * How many keys it has.
     *
     * @return their number
     */
    public int size() {
        return size;
    }

    /**
     * The value of a key.
     *
     * @param key the key
     * @return its value, or null
     */
    public @Nullable V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int side = order.compare(key, node.key());
            if (side == 0) {
                return node.value();
            }
            node = side < 0 ? node.left() : node.right();
        }
        return null;
    }

    /**
     * With a key that has this value.
     *
     * @param key the key
     * @param value its value
     * @return the other tree
     */
    public SortedTree<K, V> with(K key, V value) {
        return new SortedTree<>(order, with(root, key, value), get(key) == null ? size + 1 : size);
    }

    /**
     * Without a key.
     *
     * @param key the key
     * @return the other tree; this one if it has no such key
     */
    public SortedTree<K, V> without(K key) {
        return get(key) == null ? this : new SortedTree<>(order, without(root, key), size - 1);
    }

    /** All entries, in the order of the keys. */
    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return new InOrder<>(root);
    }

    /** Holds the nodes that are still to be visited and whose left side has been. */
    private static final class InOrder<K, V> implements Iterator<Map.Entry<K, V>> {
        private final Deque<Node<K, V>> path = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<K, V> node) {
            for (Node<K, V> next = node; next != null; next = next.left()) {
                path.push(next);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public Map.Entry<K, V> next() {
            Node<K, V> node = path.pop();
            descend(node.right());
            return Map.entry(node.key(), node.value());
        }
    }

    private Node<K, V> with(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null, 1);
        }
        int side = order.compare(key, node.key());
        if (side < 0) {
            return balanced(node, with(node.left(), key, value), node.right());
        }
        if (side > 0) {
            return balanced(node, node.left(), with(node.right(), key, value));
        }
        return new Node<>(key, value, node.left(), node.right(), node.height());
    }

    private @Nullable Node<K, V> without(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int side = order.compare(key, node.key());
        if (side < 0) {
            return balanced(node, without(node.left(), key), node.right());
        }
        if (side > 0) {
            return balanced(node, node.left(), without(node.right(), key));
        }
        if (node.left() == null || node.right() == null) {
            return node.left() == null ? node.right() : node.left();
        }
        Node<K, V> next = first(node.right());
        return balanced(next, node.left(), without(node.right(), next.key()));
    }

    private static <K, V> Node<K, V> first(Node<K, V> node) {
        Node<K, V> first = node;
        while (first.left() != null) {
            first = first.left();
        }
        return first;
    }

    /** The entry of a node over two trees whose heights differ by at most two. */
    private static <K, V> Node<K, V> balanced(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left != null && height(left) > height(right) + 1) {
            Node<K, V> inner = left.right();
            return inner == null || height(left.left()) >= height(inner)
                    ? over(left, left.left(), over(entry, inner, right))
                    : over(inner, over(left, left.left(), inner.left()), over(entry, inner.right(), right));
        }
        if (right != null && height(right) > height(left) + 1) {
            Node<K, V> inner = right.left();
            return inner == null || height(right.right()) >= height(inner)
                    ? over(right, over(entry, left, inner), right.right())
                    : over(inner, over(entry, left, inner.left()), over(right, inner.right(), right.right()));
        }
        return over(entry, left, right);
    }

    private static <K, V> Node<K, V> over(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        return new Node<>(entry.key(), entry.value(), left, right, 1 + Math.max(height(left), height(right)));
    }

    private static int height(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.height();
    }

    /** How many nodes lie on the longest path from the root; for tests. */
    int height() {
        return height(root);
    }
}
