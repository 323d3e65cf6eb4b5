// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.nio.charset.StandardCharsets;

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

    static void requireText(String what, String name, int maxBytes) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(what + " must not be empty");
        }
        if (name.length() > maxBytes || name.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new IllegalArgumentException(what + " may take at most " + maxBytes + " bytes of UTF-8, but one of "
                    + name.length() + " characters was given, starting \""
                    + name.substring(0, Math.min(32, name.length())) + "\"");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(
                        what + " must not hold control characters, but position " + i + " is " + (int) c);
            }
            if (Character.isHighSurrogate(c) && i + 1 < name.length() && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        what + " must be well-formed Unicode, but position " + i + " is half a surrogate pair");
            }
        }
    }
}
