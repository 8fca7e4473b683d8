package dev.kumo.core.log;

/** A text that can only be looked at so often: what makes a matcher end that would go on for longer than the world. */
final class CountedText implements CharSequence {

    private final String text;
    private final int most;
    private int steps;

    CountedText(String text, int most) {
        this.text = text;
        this.most = most;
    }

    /** Thrown at the first look too many. */
    static final class TooManySteps extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /** How often it was looked at. */
    int steps() {
        return Math.min(steps, most);
    }

    @Override
    public char charAt(int index) {
        if (steps++ >= most) {
            throw new TooManySteps();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
