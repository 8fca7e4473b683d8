/**
 * DomainKeys Identified Mail: a domain signs the mail that it answers for, RFC 6376, RFC 8301 and RFC 8463.
 */
@NullMarked
package dev.kumo.auth.dkim;

import org.jspecify.annotations.NullMarked;
