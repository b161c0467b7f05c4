/* Font Awesome's SVG+JS build (1.5 MB) is left out: the theme's style sheet already carries the web font's classes. */
