/**
 * What a model is: {@link org.tfddpm.spec.GraphSpec}, generated from src/main/proto, and the way to
 * it.
 *
 * <pre>
 *   graphs/NAME.textproto + --set section.field=value
 *      -> Specs: text with places -> Setting -> Validation -> a resolved GraphSpec
 * </pre>
 *
 * {@link org.tfddpm.spec.BadInput} is how every package says that the user can mend something.
 */
package org.tfddpm.spec;
