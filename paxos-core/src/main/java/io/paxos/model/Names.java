package io.paxos.model;

/** What a name that travels in messages and records may look like. */
final class Names {

    private Names() {}

    static void requireToken(String what, String name, int maxLength) {
        if (name.isEmpty() || name.length() > maxLength) {
            // The name may come from a peer and be of any length; its beginning is enough to find it by.
            String shown = name.length() > maxLength ? name.substring(0, maxLength) + "…" : name;
            throw new IllegalArgumentException(
                    what + " must have 1 to " + maxLength + " characters, but \"" + shown + "\" has " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
            if (!allowed) {
                throw new IllegalArgumentException(what + " \"" + name + "\" holds '" + c + "' at position " + i
                        + "; use only letters, digits, '.', '_' and '-'");
            }
        }
    }
}
