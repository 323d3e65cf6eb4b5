// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.ClusterName;
import io.paxos.model.NodeId;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The node that a certificate names, by the rules that {@link PeerIdentity} offers. */
final class CertificateNames {

    private static final String SCHEME = "paxos:";

    private static final String ALTERNATIVE_NAMES = "2.5.29.17";

    /** The type of alternative names that are URIs, as {@link X509Certificate#getSubjectAlternativeNames} counts. */
    private static final int URI_NAME = 6;

    private CertificateNames() {}

    static NodeId byUriOrCommonName(X509Certificate certificate, ClusterName cluster) throws CertificateException {
        List<String> uris = uris(certificate);
        return uris.isEmpty() ? commonName(certificate) : ofUris(certificate, uris, cluster);
    }

    static NodeId byUri(X509Certificate certificate, ClusterName cluster) throws CertificateException {
        List<String> uris = uris(certificate);
        if (uris.isEmpty()) {
            throw new CertificateException("the certificate of " + subject(certificate)
                    + " has no alternative name paxos://" + cluster + "/NODE; issue it with one");
        }
        return ofUris(certificate, uris, cluster);
    }

    private static NodeId ofUris(X509Certificate certificate, List<String> uris, ClusterName cluster)
            throws CertificateException {
        List<NodeId> nodes = new ArrayList<>();
        for (String uri : uris) {
            node(uri, cluster).ifPresent(nodes::add);
        }
        if (nodes.size() != 1) {
            throw new CertificateException("the certificate of " + subject(certificate) + " names "
                    + Frames.printable(uris.toString()) + ", where exactly one node of cluster " + cluster
                    + " should be; issue it with paxos://" + cluster + "/NODE");
        }
        return nodes.get(0);
    }

    private static List<String> uris(X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null && certificate.getExtensionValue(ALTERNATIVE_NAMES) != null) {
            // To the JDK it is as if there were none, if one of them is of no form that it knows.
            throw new CertificateParsingException("the alternative names in the certificate of " + subject(certificate)
                    + " cannot be read; issue it anew");
        }
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(URI_NAME))
                        .map(name -> String.valueOf(name.get(1)))
                        .filter(uri -> uri.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                        .toList();
    }

    /** The node that a URI names, or nothing if it is one of another cluster. */
    private static Optional<NodeId> node(String text, ClusterName cluster) throws CertificateException {
        try {
            URI uri = new URI(text);
            String authority = uri.getRawAuthority();
            String path = uri.getRawPath();
            if (authority == null
                    || path == null
                    || !path.startsWith("/")
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                throw new CertificateException(noUri(text));
            }
            NodeId node = new NodeId(path.substring(1));
            return new ClusterName(authority).equals(cluster) ? Optional.of(node) : Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new CertificateException(noUri(text), e);
        }
    }

    private static String noUri(String text) {
        return "the certificate's alternative name \"" + Frames.printable(text)
                + "\" is not of the form paxos://CLUSTER/NODE; issue it anew";
    }

    private static NodeId commonName(X509Certificate certificate) throws CertificateException {
        List<String> names = commonNames(certificate);
        if (names.size() != 1) {
            throw new CertificateException("the certificate of " + subject(certificate) + " has " + names.size()
                    + " common names and no alternative name paxos://CLUSTER/NODE, so it names no node; issue it with"
                    + " one");
        }
        try {
            return new NodeId(names.get(0));
        } catch (IllegalArgumentException e) {
            throw new CertificateException(
                    "the common name in the certificate of " + subject(certificate)
                            + " cannot be that of a node; issue it with the node's id",
                    e);
        }
    }

    private static List<String> commonNames(X509Certificate certificate) throws CertificateException {
        List<String> found = new ArrayList<>();
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                NamingEnumeration<? extends Attribute> attributes =
                        rdn.toAttributes().getAll();
                while (attributes.hasMore()) {
                    Attribute attribute = attributes.next();
                    if (attribute.getID().equalsIgnoreCase("CN")) {
                        for (int i = 0; i < attribute.size(); i++) {
                            found.add(String.valueOf(attribute.get(i)));
                        }
                    }
                }
            }
        } catch (NamingException e) {
            throw new CertificateException("the subject of the certificate cannot be read", e);
        }
        return found;
    }

    private static String subject(X509Certificate certificate) {
        return "\"" + Frames.printable(certificate.getSubjectX500Principal().getName()) + "\"";
    }
}
